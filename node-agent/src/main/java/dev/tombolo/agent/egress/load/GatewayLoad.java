package dev.tombolo.agent.egress.load;

import dev.tombolo.model.net.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How much of what a gateway has is in use.
 *
 * @param entries in the map of translations, two for each connection
 * @param full whether that map is nearly full, or was until shortly
 * @param connections by the number of their policy
 * @param addresses by egress address
 * @param byGroup the egress addresses that new connections of a group get
 */
public record GatewayLoad(
        int entries,
        int capacity,
        boolean full,
        Map<Integer, Integer> connections,
        Map<IpAddress, AddressLoad> addresses,
        Map<Integer, Set<IpAddress>> byGroup) {
    static final GatewayLoad NONE = new GatewayLoad(0, 0, false, Map.of(), Map.of(), Map.of());

    public GatewayLoad {
        connections = Map.copyOf(connections);
        addresses = Map.copyOf(addresses);
        byGroup = Map.copyOf(byGroup);
    }

    /** Of an egress address. */
    enum State {
        FINE,
        /** Its ports towards one destination are nearly all in use, or were until shortly. */
        NEARLY_EXHAUSTED,
        /** Connections got no port lately. */
        REFUSING
    }

    /**
     * An egress address.
     *
     * @param ports how many it has for each destination
     * @param used how many of them are in use towards the destination that has most
     * @param destination that one; empty while there is no connection
     * @param refused connections that got no port, since the map is there
     */
    record AddressLoad(int connections, int ports, int used, Optional<String> destination, long refused, State state) {
        double ratio() {
            return ports == 0 ? 0 : (double) used / ports;
        }
    }
}

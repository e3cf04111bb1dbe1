package dev.tombolo.bpf.egress;

import dev.tombolo.model.net.IpAddress;
import java.util.Map;

/**
 * What translations come to, as one pass over them found it.
 *
 * @param entries in the map, two for each connection
 * @param ended entries that the pass took away, not among them
 * @param connections by the number of their policy
 * @param addresses by egress address, those alone that have connections
 */
public record NatUse(int entries, int ended, Map<Integer, Integer> connections, Map<IpAddress, AddressUse> addresses) {
    public static final NatUse NONE = new NatUse(0, 0, Map.of(), Map.of());

    public NatUse {
        connections = Map.copyOf(connections);
        addresses = Map.copyOf(addresses);
    }

    /** @param busiest the destination towards which the address has the most ports in use, as those run out first */
    public record AddressUse(int connections, Destination busiest, int ports) {}

    /** A port of an egress address is in use towards one of these, and free towards all others. */
    public record Destination(IpAddress address, int port, int protocol) {}
}

package dev.tombolo.agent.egress.carrier;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.wireguard.WireGuardPeer;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A WireGuard device between pods' nodes and a gateway. It has no address, and no route but that by which the gateway is
 * asked whether it answers: packets are put into it.
 *
 * @param port where it listens; 0 for any
 * @param source the node's address by which the gateway is asked; empty where it is not
 */
public record Carrier(int port, int mtu, Map<WireGuardKey, WireGuardPeer> peers, Optional<IpAddress> source) {
    /** The device by which a gateway is reached from all other nodes. */
    public static final String GATEWAY_DEVICE = "tombolo-egw";

    private static final String SOURCE_DEVICE = "tombolo-eg";
    private static final Pattern SOURCE_NAME = Pattern.compile("tombolo-eg(\\d{1,5})");

    public Carrier {
        peers = Map.copyOf(peers);
    }

    Carrier(int port, int mtu, Map<WireGuardKey, WireGuardPeer> peers) {
        this(port, mtu, peers, Optional.empty());
    }

    /** Whether somebody is behind the device; one that only observes as a device has neither port nor peers. */
    public boolean isAlive() {
        return port != 0 || !peers.isEmpty();
    }

    /** Where the only peer is. */
    public Optional<IpAddress> end() {
        return peers.values().stream()
                .flatMap(peer -> peer.endpoint().stream())
                .map(SocketEndpoint::address)
                .findFirst();
    }

    /** The device that leads to one gateway. */
    public static String toGateway(int number) {
        return SOURCE_DEVICE + number;
    }

    /** The number of the gateway that a device leads to, by its name. */
    static int gatewayNumber(String device) {
        return Integer.parseInt(device.substring(SOURCE_DEVICE.length()));
    }

    /** Whether a device is a carrier, by its name. */
    public static boolean isName(String device) {
        return device.equals(GATEWAY_DEVICE) || SOURCE_NAME.matcher(device).matches();
    }
}

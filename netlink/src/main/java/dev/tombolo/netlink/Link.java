package dev.tombolo.netlink;

import java.util.Optional;

/**
 * A network device.
 *
 * @param isUp whether it was set up
 * @param hasCarrier whether there is something at its other end
 * @param kind what made it: {@code wireguard}, {@code tun}, {@code veth}; absent for hardware and loopback
 */
public record Link(int index, String name, int mtu, boolean isUp, boolean hasCarrier, Optional<String> kind) {
    /** One with something at its other end when it is up. */
    public Link(int index, String name, int mtu, boolean isUp, Optional<String> kind) {
        this(index, name, mtu, isUp, isUp, kind);
    }
}

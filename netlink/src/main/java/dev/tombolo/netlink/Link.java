package dev.tombolo.netlink;

import java.util.Optional;

/**
 * A network device.
 *
 * @param isUp whether it was set up
 * @param hasCarrier whether there is something at its other end
 * @param isEthernet whether its packets have Ethernet's headers; those of tunnels and of point-to-point devices have none
 * @param kind what made it: {@code wireguard}, {@code tun}, {@code veth}; absent for hardware and loopback
 */
public record Link(
        int index, String name, int mtu, boolean isUp, boolean hasCarrier, boolean isEthernet, Optional<String> kind) {
    /** An Ethernet device with something at its other end when it is up. */
    public Link(int index, String name, int mtu, boolean isUp, Optional<String> kind) {
        this(index, name, mtu, isUp, isUp, true, kind);
    }
}

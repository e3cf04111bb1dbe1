package dev.tombolo.netlink;

import java.util.Optional;

/**
 * A network device.
 *
 * @param kind what made it: {@code wireguard}, {@code tun}, {@code veth}; absent for hardware and loopback
 */
public record Link(int index, String name, int mtu, boolean isUp, Optional<String> kind) {}

package dev.tombolo.agent.path;

import dev.tombolo.model.net.IpAddress;
import java.util.Optional;

/** This node's end of the tunnel; the address is empty until the controllers have given it one. */
public record OwnTunnel(String device, Optional<IpAddress> address, int mtu) {}

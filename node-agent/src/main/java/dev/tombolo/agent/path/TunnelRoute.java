package dev.tombolo.agent.path;

import dev.tombolo.model.net.IpAddress;
import java.util.Optional;

/**
 * How a remote range is reached: through the tunnel, or, while that is not possible, not at all.
 *
 * @param source this node's tunnel address, so that host-network clients are answered through the tunnel; empty until
 *     it is known, and then the range is only closed
 */
public record TunnelRoute(String device, Optional<IpAddress> source, int mtu) {}

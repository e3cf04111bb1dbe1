package dev.tombolo.agent.probe;

import dev.tombolo.model.net.IpAddress;
import java.time.Instant;

/**
 * A path that is dead.
 *
 * @param address the node's in the tunnel; at another address nothing is known of it
 */
record DeadPath(IpAddress address, Instant since) {}

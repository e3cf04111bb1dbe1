package dev.tombolo.egress.plan;

import dev.tombolo.model.node.NodeId;
import java.time.Instant;

/**
 * Who owns a floating address. It owns it until another one takes it, however long nothing is heard of it.
 *
 * @param epoch 1 for the first owner, one more at each change
 * @param holder for whom the address was taken: {@code policy#entry}
 * @param since when it was taken
 */
public record EgressOwner(NodeId node, long epoch, String holder, Instant since) {}

package dev.tombolo.agent.egress.failover;

import dev.tombolo.egress.plan.GatewayHealth;

/** What this node is to change of the record of an address. */
public sealed interface Claim {
    /**
     * Nobody holds the address.
     *
     * @param group for which it is taken
     */
    record Take(String group) implements Claim {}

    /**
     * The node that holds it does not answer, as a majority says: the votes are read anew, and have to stand.
     *
     * @param ground what the votes have to come to
     */
    record Depose(String group, String owner, GatewayHealth ground) implements Claim {}

    /** The node that holds it is to give it up: it drains, or is no gateway for it any more. */
    record Succeed(String group, String owner) implements Claim {}

    /** This node holds it, and nobody wants it any more. */
    record Release() implements Claim {}
}

package dev.tombolo.egress.plan;

/** What the data path says of a node; never heard of is not dead, unless Kubernetes says so too. */
public enum GatewayHealth {
    ALIVE,
    DEAD,
    UNKNOWN,
    /** Most of those who ask it have done so for long, and none of them ever got an answer. */
    UNHEARD,
    /** It is dead by the word of one node, which has only just said so. */
    ACCUSED
}

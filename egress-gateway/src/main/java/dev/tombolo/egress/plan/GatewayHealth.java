package dev.tombolo.egress.plan;

/** What the data path says of a node; never heard of is not dead. */
public enum GatewayHealth {
    ALIVE,
    DEAD,
    UNKNOWN
}

package dev.tombolo.agent.egress.connections;

/** What the data path does with a pod's packets to a destination. */
enum Fate {
    /** Nothing is known of the pod yet, and what it did before is no answer. */
    HELD,
    /** They get our mark where they enter the node. */
    STEERED,
    /** They do not, be it that they are let alone or dropped. */
    NOT_STEERED
}

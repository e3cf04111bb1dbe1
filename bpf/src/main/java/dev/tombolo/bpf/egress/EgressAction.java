package dev.tombolo.bpf.egress;

/** {@code enum egress_action}: what becomes of a set's destination. */
public enum EgressAction {
    /** In no row that is valid. */
    NONE,
    GATEWAY,
    /** Left to the node, as if there were no policy. */
    EXCLUDE,
    DROP
}

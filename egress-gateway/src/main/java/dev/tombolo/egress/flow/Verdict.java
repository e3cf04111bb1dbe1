package dev.tombolo.egress.flow;

/** What became of a packet, in the words of Hubble. */
public enum Verdict {
    /** It is the first of a flow that has an egress address from then on. */
    TRANSLATED,
    DROPPED
}

package dev.tombolo.bgp.speaker;

/** The way to the program that holds the sessions. */
public enum ChannelState {
    /** Not there: sessions may be up all the same. */
    ABSENT,
    /** Connected; what it holds is being read. */
    LEARNING,
    READY,
    /** Connected, but without an answer for too long. */
    STALLED
}

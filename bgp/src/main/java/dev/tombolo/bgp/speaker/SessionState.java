package dev.tombolo.bgp.speaker;

/** Those of RFC 4271, 8.2.2, and one more. */
public enum SessionState {
    /** The program that speaks doesn't know of this peer, or can't be asked. */
    UNKNOWN,
    IDLE,
    CONNECT,
    ACTIVE,
    OPEN_SENT,
    OPEN_CONFIRM,
    ESTABLISHED
}

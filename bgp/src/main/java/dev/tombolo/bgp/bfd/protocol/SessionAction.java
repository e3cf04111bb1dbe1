package dev.tombolo.bgp.bfd.protocol;

/** What a session asks of whoever holds it, to be done in order. */
public sealed interface SessionAction {
    record Transmit(BfdPacket packet) implements SessionAction {}

    /** The session has gone from one state to another, with the diagnostic that it tells its neighbour. */
    record Changed(SessionState from, SessionState to, Diagnostic diagnostic) implements SessionAction {}
}

package dev.tombolo.bgp.bfd.protocol;

/** What may happen to a session. */
public sealed interface SessionEvent {
    /** A packet that was found to be this session's. */
    record Received(BfdPacket packet) implements SessionEvent {}

    /** The session's {@link BfdSession#deadline()} has come; earlier or later does no harm. */
    record TimePassed() implements SessionEvent {}

    record Reconfigured(SessionSettings settings) implements SessionEvent {}

    /** By whoever runs us: the neighbour is told that it is no failure. */
    record Disabled() implements SessionEvent {}

    record Enabled() implements SessionEvent {}
}

package dev.tombolo.kvstore.follow;

import java.time.Instant;

/** How far what is known of a source can be trusted. */
public sealed interface SourceState {
    /** Not read yet. */
    record Connecting(String waitingFor) implements SourceState {}

    /** Read, and its heartbeat is on time. */
    record Fresh() implements SourceState {}

    /** What is known stands, but may be old: no heartbeat, or no connection. */
    record Stale(Instant since, String cause) implements SourceState {}
}

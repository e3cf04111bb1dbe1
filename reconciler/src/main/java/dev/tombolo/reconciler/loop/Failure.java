package dev.tombolo.reconciler.loop;

import java.time.Instant;

/** A row that could not be applied: why, since when, how often it was tried, and when it is tried next. */
public record Failure(String reason, int attempts, Instant since, Instant nextAttempt) {}

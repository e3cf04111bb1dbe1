package dev.tombolo.kvstore.store;

/**
 * A value as it was read.
 *
 * @param revision of the change that made the key what it is
 */
public record Revised(Value value, long revision) {}

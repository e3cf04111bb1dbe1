package dev.tombolo.kvstore.store;

/** What happened to one key. */
public sealed interface WatchEvent {
    String key();

    /** The key has this value now. */
    record Put(String key, Value value) implements WatchEvent {}

    /** The key is gone, deleted or expired with its lease. */
    record Delete(String key) implements WatchEvent {}
}

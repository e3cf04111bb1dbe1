package dev.tombolo.kvstore.store;

/** What has to hold of a key for a commit to be made. */
public sealed interface Condition {
    String key();

    /** There is no such key. */
    record Absent(String key) implements Condition {}

    /** The key was changed last at this revision: nobody touched it since it was read. */
    record Unchanged(String key, long revision) implements Condition {}

    /** The key has this value. */
    record Has(String key, Value value) implements Condition {}
}

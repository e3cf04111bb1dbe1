package dev.tombolo.kvstore.store;

import java.util.OptionalLong;

/** One change of one key. */
public sealed interface Write {
    String key();

    /** Puts a value, attached to a lease if one is given. */
    record Put(String key, Value value, OptionalLong lease) implements Write {}

    /** Deletes a key; deleting what is absent is success. */
    record Delete(String key) implements Write {}

    static Write put(String key, Value value) {
        return new Put(key, value, OptionalLong.empty());
    }

    static Write put(String key, Value value, long lease) {
        return new Put(key, value, OptionalLong.of(lease));
    }

    static Write delete(String key) {
        return new Delete(key);
    }
}

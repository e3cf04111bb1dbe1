package dev.tombolo.kvstore.protocol;

import dev.tombolo.model.Invalid;
import java.util.Optional;

/** What came of reading a value from outside: the thing, or why it was refused. */
public sealed interface Decoded<T> {
    /** Understood. */
    record Ok<T>(T read) implements Decoded<T> {}

    /** Not believed. */
    record Refused<T>(Invalid why) implements Decoded<T> {}

    default Optional<T> value() {
        return this instanceof Ok<T>(var read) ? Optional.of(read) : Optional.empty();
    }

    default Optional<Invalid> refusal() {
        return this instanceof Refused<T>(var why) ? Optional.of(why) : Optional.empty();
    }
}

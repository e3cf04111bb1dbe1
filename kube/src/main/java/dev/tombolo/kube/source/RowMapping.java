package dev.tombolo.kube.source;

import dev.tombolo.model.Invalid;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns a Kubernetes object into a row, or says why it has none. */
@FunctionalInterface
interface RowMapping<T, R> {
    /** Empty for an object that is of no concern, and for one that was reported as invalid. */
    Optional<R> row(T object, Consumer<Invalid> invalid);
}

package dev.tombolo.reconciler.derive;

import java.util.Map;
import java.util.Set;

/**
 * A plan of a whole table that remembers what it planned last, so that it can tell what has to change since. Confined to the
 * thread of its derivation.
 */
public interface Replan<K, V> {
    /** All rows; nothing that was planned before counts. */
    Map<K, V> all();

    /** What differs from the last rows, of this call or {@link #all}. */
    Changes<K, V> changes();

    /** Rows to put and keys to remove. */
    record Changes<K, V>(Map<K, V> puts, Set<K> removals) {}
}

package dev.tombolo.kvstore.store;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys of a prefix as they were at one revision.
 *
 * @param revision watch from the next one to miss nothing
 */
public record Listing(long revision, Map<String, Value> values) {
    public Listing {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }
}

package dev.tombolo.agent.mesh;

import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A target that can be told to refuse a row; all others go on to the target behind it. */
final class Refusable<K, V> implements Target<K, V> {
    private final Target<K, V> target;
    private final Set<K> refused = ConcurrentHashMap.newKeySet();

    Refusable(Target<K, V> target) {
        this.target = target;
    }

    void refuse(K key) {
        refused.add(key);
    }

    @Override
    public Map<K, V> observe() throws IOException {
        return target.observe();
    }

    @Override
    public void put(K key, V value) throws IOException {
        if (refused.contains(key)) {
            throw new IOException("full");
        }
        target.put(key, value);
    }

    @Override
    public void remove(K key) throws IOException {
        target.remove(key);
    }

    @Override
    public Map<K, IOException> putAll(Map<K, V> rows) {
        var rest = new HashMap<>(rows);
        var failures = new HashMap<K, IOException>();
        for (K key : refused) {
            if (rest.remove(key) != null) {
                failures.put(key, new IOException("full"));
            }
        }
        failures.putAll(target.putAll(rest));
        return failures;
    }
}

package dev.tombolo.benchmarks.propagation;

import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** A target that tells of each row once the call that put it has returned: then the kernel's map holds it. */
record Watched<K, V>(Target<K, V> target, BiConsumer<K, V> held) implements Target<K, V> {
    @Override
    public Map<K, V> observe() throws IOException {
        return target.observe();
    }

    @Override
    public void put(K key, V value) throws IOException {
        target.put(key, value);
        held.accept(key, value);
    }

    @Override
    public void remove(K key) throws IOException {
        target.remove(key);
    }

    @Override
    public Map<K, IOException> putAll(Map<K, V> rows) {
        var failures = target.putAll(rows);
        rows.forEach((key, value) -> {
            if (!failures.containsKey(key)) {
                held.accept(key, value);
            }
        });
        return failures;
    }

    @Override
    public Map<K, IOException> removeAll(Set<K> keys) {
        return target.removeAll(keys);
    }
}

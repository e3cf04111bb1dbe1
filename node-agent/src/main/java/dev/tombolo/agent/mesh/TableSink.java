package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowerSink;
import dev.tombolo.kvstore.protocol.Decoded;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.reconciler.table.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Decodes one prefix of one cluster into a table that it shares with the other clusters' sinks. */
final class TableSink<K extends Comparable<? super K>, V> implements FollowerSink {
    private final Table<K, V> table;
    private final BiFunction<String, Value, Decoded<V>> decode;
    private final Function<V, K> rowKey;
    private final Consumer<Invalid> refused;
    private final Map<String, K> keys = new HashMap<>();

    TableSink(
            Table<K, V> table,
            BiFunction<String, Value, Decoded<V>> decode,
            Function<V, K> rowKey,
            Consumer<Invalid> refused) {
        this.table = table;
        this.decode = decode;
        this.rowKey = rowKey;
        this.refused = refused;
    }

    @Override
    public synchronized void listed(Map<String, Value> all) {
        var rows = new HashMap<K, V>();
        var gone = new HashSet<>(keys.values());
        keys.clear();
        all.forEach((key, value) -> decoded(key, value).ifPresent(row -> {
            rows.put(rowKey.apply(row), row);
            keys.put(key, rowKey.apply(row));
        }));
        gone.removeAll(rows.keySet());
        table.apply(rows, gone);
    }

    @Override
    public synchronized void put(String key, Value value) {
        // A value that is not understood counts as not there: the old one is no longer what the peer says.
        decoded(key, value)
                .ifPresentOrElse(
                        row -> {
                            keys.put(key, rowKey.apply(row));
                            table.put(rowKey.apply(row), row);
                        },
                        () -> deleted(key));
    }

    @Override
    public synchronized void deleted(String key) {
        var row = keys.remove(key);
        if (row != null) {
            table.remove(row);
        }
    }

    synchronized void forget() {
        table.apply(Map.of(), Set.copyOf(keys.values()));
        keys.clear();
    }

    private Optional<V> decoded(String key, Value value) {
        var decoded = decode.apply(key, value);
        decoded.refusal().ifPresent(refused);
        return decoded.value();
    }
}

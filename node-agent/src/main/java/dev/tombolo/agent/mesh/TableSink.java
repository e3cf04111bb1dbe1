package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowerSink;
import dev.tombolo.kvstore.protocol.Decoded;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.reconciler.table.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Decodes one prefix of one cluster into a table that it shares with the other clusters' sinks. A value that is not
 * understood is noted by its key for as long as it stands.
 */
public final class TableSink<K extends Comparable<? super K>, V> implements FollowerSink {
    private final Table<K, V> table;
    private final BiFunction<String, Value, Decoded<V>> decode;
    private final Function<V, K> rowKey;
    private final Refusals refusals;
    private final Map<String, K> keys = new HashMap<>();
    private final Set<String> unread = new HashSet<>();

    public TableSink(
            Table<K, V> table, BiFunction<String, Value, Decoded<V>> decode, Function<V, K> rowKey, Refusals refusals) {
        this.table = table;
        this.decode = decode;
        this.rowKey = rowKey;
        this.refusals = refusals;
    }

    @Override
    public synchronized void listed(Map<String, Value> all) {
        var rows = new HashMap<K, V>();
        var gone = new HashSet<>(keys.values());
        keys.clear();
        forgetUnread();
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
                        () -> take(key));
    }

    @Override
    public synchronized void deleted(String key) {
        read(key);
        take(key);
    }

    private void take(String key) {
        var row = keys.remove(key);
        if (row != null) {
            table.remove(row);
        }
    }

    synchronized void forget() {
        table.apply(Map.of(), Set.copyOf(keys.values()));
        keys.clear();
        forgetUnread();
    }

    private void forgetUnread() {
        unread.forEach(key -> refusals.note(key, Optional.empty()));
        unread.clear();
    }

    private void read(String key) {
        if (unread.remove(key)) {
            refusals.note(key, Optional.empty());
        }
    }

    private Optional<V> decoded(String key, Value value) {
        var decoded = decode.apply(key, value);
        decoded.refusal()
                .ifPresentOrElse(
                        why -> {
                            unread.add(key);
                            refusals.note(key, Optional.of(why));
                        },
                        () -> read(key));
        return decoded.value();
    }
}

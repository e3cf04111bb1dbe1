package dev.tombolo.agent.egress.kernel;

import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.Packed;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The rows of one map, by the agent's keys. */
record MapSection<B, V extends Packed>(
        BpfMap<B, V> map, Class<V> values, Function<EgressKey, B> written, Function<B, EgressKey> read) {
    /** @param between is called now and then, and may write */
    void observe(Map<EgressKey, Packed> rows, Runnable between) throws IOException {
        map.forEach((key, value) -> rows.put(read.apply(key), value), between);
    }

    Optional<V> lookup(EgressKey key) throws IOException {
        return map.lookup(written.apply(key));
    }

    void put(Map<EgressKey, Packed> rows) throws IOException {
        map.putAll(put -> {
            for (var row : rows.entrySet()) {
                put.row(written.apply(row.getKey()), values.cast(row.getValue()));
            }
        });
    }

    void put(EgressKey key, Packed value) throws IOException {
        map.put(written.apply(key), values.cast(value));
    }

    void remove(Collection<EgressKey> keys) throws IOException {
        map.deleteAll(keys.stream().map(written).toList());
    }
}

package dev.tombolo.scenarios;

import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@code {}} under many keys of an etcd. A program of its own, because it has to run in the network of a lab's
 * node, where etcdctl takes half a minute for a hundred thousand.
 */
final class ManyKeys {
    private ManyKeys() {}

    /** Arguments: endpoint, server name, files with authority, certificate and key, prefix, number. */
    public static void main(String[] words) throws IOException {
        var tls = new TlsMaterial(text(words[2]), text(words[3]), text(words[4]));
        var address = new EtcdAddress(List.of(words[0]), Optional.of(words[1]), Optional.of(() -> tls));
        try (var store = EtcdStore.open(address)) {
            var failures = store.commitAll(batches(words[5], Integer.parseInt(words[6])));
            if (!failures.isEmpty()) {
                throw failures.values().iterator().next();
            }
        }
    }

    private static List<List<Write>> batches(String prefix, int count) {
        var batches = new ArrayList<List<Write>>();
        for (int first = 0; first < count; first += KvStore.MOST_WRITES) {
            var batch = new ArrayList<Write>();
            for (int i = first; i < Math.min(count, first + KvStore.MOST_WRITES); i++) {
                batch.add(Write.put(prefix + i, Value.of("{}")));
            }
            batches.add(batch);
        }
        return batches;
    }

    private static String text(String file) throws IOException {
        return Files.readString(Path.of(file));
    }
}

package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Detail;
import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** A listing that is read page by page, every one at the revision of the first. Used by one thread. */
final class Pages {
    /** Of one listing in memory; a mesh of 150,000 endpoints needs a sixth of it. */
    private static final long MOST_BYTES = 256L << 20;

    private static final int FIRST_SIZE = 2_000;

    private final String prefix;
    private final ByteSequence end;
    private final TreeMap<String, Value> values = new TreeMap<>();
    private ByteSequence from;
    private int size = FIRST_SIZE;
    private long revision;
    private long bytes;
    private boolean complete;

    Pages(String prefix) {
        this.prefix = prefix;
        this.from = EtcdStore.bytes(prefix);
        this.end = EtcdStore.prefixEnd(prefix);
    }

    String prefix() {
        return prefix;
    }

    /** Where the next page begins. */
    ByteSequence from() {
        return from;
    }

    GetOption option() {
        return GetOption.builder()
                .withRange(end)
                .withLimit(size)
                .withRevision(revision)
                .withSortField(GetOption.SortTarget.KEY)
                .withSortOrder(GetOption.SortOrder.ASCEND)
                .build();
    }

    void take(GetResponse page) throws KvException {
        revision = revision == 0 ? page.getHeader().getRevision() : revision;
        page.getKvs().forEach(kv -> {
            values.put(EtcdStore.text(kv.getKey()), EtcdStore.value(kv.getValue()));
            bytes += kv.getKey().size() + kv.getValue().size();
        });
        if (bytes > MOST_BYTES) {
            throw new KvException(
                    Kind.REFUSED, "list " + prefix + ": there are more than " + MOST_BYTES + " bytes under it");
        }
        complete = !page.isMore() || page.getKvs().isEmpty();
        if (!complete) {
            String last = EtcdStore.text(page.getKvs().getLast().getKey());
            from = ByteSequence.from(last + "\0", StandardCharsets.UTF_8);
        }
    }

    /** A few large values fill an answer; whoever wrote them must not make all the others unreadable. */
    void askForLess(KvException failure) throws KvException {
        if (failure.detail() != Detail.ANSWER_TOO_LARGE || size == 1) {
            throw failure;
        }
        size = Math.max(1, size / 16);
    }

    boolean isComplete() {
        return complete;
    }

    Listing listing() {
        return new Listing(revision, values);
    }
}

package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.Response;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which etcd is spoken to: the id of its cluster, and how far its revision has come. Another id is another etcd, and so
 * is one whose revision has gone back: an etcd that was wiped and started again has the same id and an empty state. Once
 * another has answered, nothing is sent any more. Thread-safe.
 */
final class EtcdPin {
    private final AtomicLong cluster = new AtomicLong();
    private final AtomicLong revision = new AtomicLong();
    private final AtomicBoolean lost = new AtomicBoolean();

    /** 0 before the first answer. */
    long cluster() {
        return cluster.get();
    }

    /** To be called before each request: what its answer must not fall behind. */
    long floor() throws KvException {
        if (lost.get()) {
            throw new KvException(Kind.CLUSTER_CHANGED, "another etcd answers than before");
        }
        return revision.get();
    }

    /** Of an answer to a request that was sent after {@link #floor()}. */
    void check(Response response, long floor) throws KvException {
        check(response);
        long now = response.getHeader().getRevision();
        if (now < floor) {
            lost.set(true);
            throw new KvException(
                    Kind.CLUSTER_CHANGED, "etcd was at revision " + floor + " and is at " + now + ": it was emptied");
        }
        revision.accumulateAndGet(now, Math::max);
    }

    /** Of something that came unasked, and may be overtaken by answers. */
    void check(Response response) throws KvException {
        long answered = response.getHeader().getClusterId();
        if (answered == 0 || (!cluster.compareAndSet(0, answered) && cluster.get() != answered)) {
            lost.set(true);
            throw new KvException(
                    Kind.CLUSTER_CHANGED,
                    "etcd cluster " + Long.toHexString(answered) + " answers where " + Long.toHexString(cluster.get())
                            + " did before");
        }
    }
}

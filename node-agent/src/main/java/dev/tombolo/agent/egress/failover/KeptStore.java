package dev.tombolo.agent.egress.failover;

import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvException.Kind;
import dev.tombolo.kvstore.store.KvStore;

/** One connection to the own cluster's etcd, by which all that this node decides is written; opened anew after a failure. */
final class KeptStore implements AutoCloseable {
    private final StoreSource source;
    private KvStore store;
    private boolean closed;

    KeptStore(StoreSource source) {
        this.source = source;
    }

    synchronized KvStore open() throws KvException {
        if (closed) {
            throw new KvException(Kind.UNREACHABLE, "the agent stops");
        }
        if (store == null) {
            store = source.open();
        }
        return store;
    }

    /** What failed is not used again; who else uses it fails too, and comes here. */
    synchronized void drop(KvStore failed) {
        if (store == failed && failed != null) {
            store = null;
            failed.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop(store);
    }
}

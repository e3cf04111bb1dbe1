package dev.tombolo.kvstore.follow;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;

/** Opens a connection to a store; called again after each loss, so that addresses and certificates are read anew. */
@FunctionalInterface
public interface StoreSource {
    KvStore open() throws KvException;
}

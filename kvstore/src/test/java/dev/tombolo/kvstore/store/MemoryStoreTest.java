package dev.tombolo.kvstore.store;

import java.time.Clock;

class MemoryStoreTest extends KvStoreContract {
    private final MemoryStore store = new MemoryStore(Clock.systemUTC());

    @Override
    KvStore store() {
        return store;
    }

    @Override
    String prefix() {
        return "test/";
    }
}

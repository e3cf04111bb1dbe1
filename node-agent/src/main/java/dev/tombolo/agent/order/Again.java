package dev.tombolo.agent.order;

import java.util.function.Consumer;

/** Where rows that were put off are to be considered again. */
final class Again<K> {
    /** One row of them. */
    record Waiter<K>(Again<K> again, K key) {
        void go() {
            again.listener.accept(key);
        }
    }

    private volatile Consumer<K> listener = _ -> {};

    void tell(Consumer<K> who) {
        listener = who;
    }

    Waiter<K> waiter(K key) {
        return new Waiter<>(this, key);
    }
}

package dev.tombolo.reconciler.table;

/** That somebody listens to a table; closing it ends that, and cannot fail. */
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}

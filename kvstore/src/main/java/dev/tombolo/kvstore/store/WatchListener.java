package dev.tombolo.kvstore.store;

import java.util.List;

/** Told of changes in order, one call at a time, on the store's own thread: must hand over and return. */
public interface WatchListener {
    void changed(List<WatchEvent> events);

    /** The watch is over; called at most once, and not after the watch was closed by its owner. */
    void ended(KvException cause);
}

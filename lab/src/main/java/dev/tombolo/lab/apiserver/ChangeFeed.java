package dev.tombolo.lab.apiserver;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All changes of all objects from one etcd watch, kept for a while so that clients can go on from a version they have.
 * Subscribers are called on etcd's thread, in order, and must only hand over.
 */
final class ChangeFeed implements AutoCloseable {
    private static final int LONGEST_HISTORY = 5_000;

    private final Deque<Change> history = new ArrayDeque<>();
    private final List<Consumer<Change>> subscribers = new CopyOnWriteArrayList<>();
    private final ObjectStore store;
    private final Watch.Watcher watcher;
    private long oldest;
    private long newest;

    ChangeFeed(ObjectStore store) {
        this.store = store;
        this.oldest = store.revision();
        this.newest = oldest;
        var options = WatchOption.builder()
                .isPrefix(true)
                .withPrevKV(true)
                .withRevision(oldest + 1)
                .build();
        this.watcher = store.client()
                .getWatchClient()
                .watch(ObjectStore.bytes(store.prefix() + "/"), options, Watch.listener(this::received, _ -> {}));
    }

    private void received(WatchResponse response) {
        var changes = new ArrayList<Change>();
        response.getEvents().forEach(event -> changes.add(change(event)));
        synchronized (this) {
            changes.forEach(change -> {
                history.addLast(change);
                newest = change.revision();
                if (history.size() > LONGEST_HISTORY) {
                    oldest = history.removeFirst().revision();
                }
                subscribers.forEach(subscriber -> subscriber.accept(change));
            });
        }
    }

    private Change change(WatchEvent event) {
        var kv = event.getKeyValue();
        String resource = store.resourceOf(kv.getKey().toString(java.nio.charset.StandardCharsets.UTF_8));
        boolean created = event.getPrevKV() == null || event.getPrevKV().getModRevision() == 0;
        boolean deleted = event.getEventType() == WatchEvent.EventType.DELETE;
        long revision = kv.getModRevision();
        var before = created ? null : ObjectStore.stored(event.getPrevKV()).object();
        if (deleted && before != null) {
            // A deletion is seen as the last state with the deletion's own version, so that clients can go on from it.
            before = ObjectStore.versioned(before, revision).object();
        }
        return new Change(
                resource,
                revision,
                before,
                deleted ? null : ObjectStore.stored(kv).object());
    }

    /** Calls the subscriber for every change after {@code revision}, those kept first. Closing the result ends it. */
    synchronized AutoCloseable subscribe(long revision, Consumer<Change> subscriber) {
        if (revision < oldest) {
            throw ApiError.of(410, "Expired", "too old resource version: " + revision + " (" + oldest + ")");
        }
        history.stream().filter(change -> change.revision() > revision).forEach(subscriber);
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    /** The revision of the newest change seen. */
    synchronized long newest() {
        return newest;
    }

    @Override
    public void close() {
        watcher.close();
    }
}

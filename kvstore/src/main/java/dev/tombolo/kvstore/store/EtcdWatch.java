package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent.EventType;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.concurrent.atomic.AtomicBoolean;

/** One watch of a prefix, which ends once: closed by its owner, or for a reason the listener is told. */
final class EtcdWatch implements AutoCloseable {
    private final EtcdPin pin;
    private final WatchListener listener;
    private final AtomicBoolean ended = new AtomicBoolean();
    private Watch.Watcher watcher;

    private EtcdWatch(EtcdPin pin, WatchListener listener) {
        this.pin = pin;
        this.listener = listener;
    }

    static EtcdWatch start(Client client, EtcdPin pin, String prefix, long fromRevision, WatchListener listener) {
        var watch = new EtcdWatch(pin, listener);
        var option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(fromRevision)
                .withRequireLeader(true)
                .build();
        var callbacks = Watch.listener(
                watch::changed,
                // A broken connection is reported here although jetcd resumes the watch by itself;
                // listing again is always right, resuming is right only if nothing was compacted.
                failure -> watch.end(EtcdErrors.explain("watch " + prefix, failure)),
                () -> watch.end(new KvException(Kind.UNREACHABLE, "the watch of " + prefix + " ended")));
        watch.watcher = client.getWatchClient().watch(EtcdStore.bytes(prefix), option, callbacks);
        return watch;
    }

    private void changed(WatchResponse response) {
        // After the end jetcd may resume the watch: the listener has been told that it has to list again.
        if (ended.get()) {
            return;
        }
        try {
            pin.check(response);
            listener.changed(response.getEvents().stream().map(EtcdWatch::event).toList());
        } catch (KvException another) {
            end(another);
        }
    }

    private void end(KvException cause) {
        if (ended.compareAndSet(false, true)) {
            listener.ended(cause);
        }
    }

    private static WatchEvent event(io.etcd.jetcd.watch.WatchEvent event) {
        String key = EtcdStore.text(event.getKeyValue().getKey());
        return event.getEventType() == EventType.DELETE
                ? new WatchEvent.Delete(key)
                : new WatchEvent.Put(key, EtcdStore.value(event.getKeyValue().getValue()));
    }

    @Override
    public void close() {
        ended.set(true);
        watcher.close();
    }
}

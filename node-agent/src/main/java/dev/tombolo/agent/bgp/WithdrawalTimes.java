package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.reconciler.table.Subscription;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long routes live on after what takes them away was seen: until the speaker has acknowledged the withdrawal. A row of a
 * table knows since when what it follows from was seen; of several changes that were planned at once the oldest counts.
 */
final class WithdrawalTimes implements AutoCloseable {
    /** Those of a session that is down are never acknowledged: more of them than these are forgotten. */
    private static final int MOST = 10_000;

    private final Table<RouteKey, PathAttributes> routes;
    private final BgpTimes times;
    private final LongSupplier nanos;
    private final Map<RouteKey, Long> leavingSince = new LinkedHashMap<>();
    private final Subscription subscription;
    private long seen;

    /** To be made before whoever applies the table, which must not be told of a change first. */
    WithdrawalTimes(Table<RouteKey, PathAttributes> routes, BgpTimes times, LongSupplier nanos) {
        this.routes = routes;
        this.times = times;
        this.nanos = nanos;
        subscription = routes.onChange(this::note);
    }

    private synchronized void note() {
        var changes = routes.changesSince(seen);
        seen = changes.snapshot().revision();
        if (!changes.complete()) {
            leavingSince.clear();
        }
        changes.keys().forEach(key -> {
            leavingSince.remove(key);
            if (changes.snapshot().get(key).isEmpty()) {
                leavingSince.put(key, changes.since());
            }
        });
        var oldest = leavingSince.keySet().iterator();
        for (int tooMany = leavingSince.size() - MOST; tooMany > 0; tooMany--) {
            oldest.next();
            oldest.remove();
        }
    }

    synchronized void hear(SpeakerEvent event) {
        if (event instanceof SpeakerEvent.Withdrawn(var peer, var prefixes)) {
            long now = nanos.getAsLong();
            for (var prefix : prefixes) {
                var since = leavingSince.remove(new RouteKey(peer, prefix));
                if (since != null) {
                    times.withdrawn(peer, Duration.ofNanos(now - since));
                }
            }
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}

package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The twin of {@link EtcdStore} in memory: revisions, leases on a clock of the test, compaction and lost connections. The
 * same tests run on both. Leases expire when {@link #expireLeases()} is called.
 */
public final class MemoryStore implements KvStore {
    private final Clock clock;
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Logged> log = new ArrayList<>();
    private final Map<Long, Lease> leases = new HashMap<>();
    private final List<Subscription> watches = new ArrayList<>();
    private long revision = 1;
    private long compacted;
    private long nextLease = 1;
    private boolean unreachable;

    public MemoryStore(Clock clock) {
        this.clock = clock;
    }

    private record Entry(Value value, OptionalLong lease, long revision) {}

    private record Lease(Duration timeToLive, Instant expires) {}

    private record Logged(long revision, WatchEvent event) {}

    private record Subscription(String prefix, WatchListener listener) {}

    /** From now on nothing answers and every watch is over, until {@link #heal()}. */
    public void cut() {
        List<Subscription> ended;
        synchronized (this) {
            unreachable = true;
            ended = List.copyOf(watches);
            watches.clear();
        }
        ended.forEach(watch -> watch.listener.ended(new KvException(Kind.UNREACHABLE, "the connection was cut")));
    }

    public synchronized void heal() {
        unreachable = false;
    }

    /** Forgets the changes up to now, so that watches from earlier revisions are refused. */
    public synchronized void compact() {
        compacted = revision;
        log.clear();
    }

    /** Lets every lease that was not kept alive in time expire, and its keys vanish. */
    public synchronized void expireLeases() {
        var now = clock.instant();
        var gone = leases.entrySet().stream()
                .filter(lease -> !lease.getValue().expires.isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(this::drop);
    }

    @Override
    public synchronized Optional<Value> get(String key) throws KvException {
        reach();
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    @Override
    public synchronized Optional<Revised> getRevised(String key) throws KvException {
        reach();
        return Optional.ofNullable(entries.get(key)).map(entry -> new Revised(entry.value, entry.revision));
    }

    @Override
    public synchronized Listing list(String prefix) throws KvException {
        reach();
        var values = new TreeMap<String, Value>();
        entries.tailMap(prefix).forEach((key, entry) -> {
            if (key.startsWith(prefix)) {
                values.put(key, entry.value);
            }
        });
        return new Listing(revision, values);
    }

    @Override
    public synchronized void commit(List<Write> writes) throws KvException {
        reach();
        if (writes.size() > MOST_WRITES) {
            throw new IllegalStateException(writes.size() + " writes in one transaction, at most " + MOST_WRITES);
        }
        for (Write write : writes) {
            if (write instanceof Write.Put put
                    && put.lease().isPresent()
                    && !leases.containsKey(put.lease().getAsLong())) {
                throw new KvException(Kind.LEASE_LOST, "requested lease not found");
            }
        }
        revision++;
        var events = new ArrayList<WatchEvent>();
        for (Write write : writes) {
            apply(write).ifPresent(events::add);
        }
        publish(events);
    }

    private Optional<WatchEvent> apply(Write write) {
        return switch (write) {
            case Write.Put(var key, var value, var lease) -> {
                entries.put(key, new Entry(value, lease, revision));
                yield Optional.of(new WatchEvent.Put(key, value));
            }
            case Write.Delete(var key) ->
                entries.remove(key) == null ? Optional.empty() : Optional.of(new WatchEvent.Delete(key));
        };
    }

    private void publish(List<WatchEvent> events) {
        events.forEach(event -> log.add(new Logged(revision, event)));
        for (Subscription watch : List.copyOf(watches)) {
            var seen = events.stream()
                    .filter(event -> event.key().startsWith(watch.prefix))
                    .toList();
            if (!seen.isEmpty()) {
                watch.listener.changed(seen);
            }
        }
    }

    @Override
    public Map<Integer, KvException> commitAll(List<List<Write>> batches) {
        var failures = new HashMap<Integer, KvException>();
        for (int i = 0; i < batches.size(); i++) {
            try {
                commit(batches.get(i));
            } catch (KvException failure) {
                failures.put(i, failure);
            }
        }
        return failures;
    }

    @Override
    public synchronized boolean commitIf(List<Condition> conditions, List<Write> writes) throws KvException {
        reach();
        if (!conditions.stream().allMatch(this::holds)) {
            return false;
        }
        commit(writes);
        return true;
    }

    private boolean holds(Condition condition) {
        var entry = Optional.ofNullable(entries.get(condition.key()));
        return switch (condition) {
            case Condition.Absent _ -> entry.isEmpty();
            case Condition.Unchanged(var _, var known) ->
                entry.filter(now -> now.revision == known).isPresent();
            case Condition.Has(var _, var value) ->
                entry.filter(now -> now.value.equals(value)).isPresent();
        };
    }

    @Override
    public synchronized boolean create(String key, Value value) throws KvException {
        return commitIf(List.of(new Condition.Absent(key)), List.of(Write.put(key, value)));
    }

    @Override
    public synchronized void deletePrefix(String prefix) throws KvException {
        var events = new ArrayList<WatchEvent>();
        var keys = list(prefix).values().keySet();
        revision++;
        keys.forEach(key -> apply(Write.delete(key)).ifPresent(events::add));
        publish(events);
    }

    @Override
    public synchronized long grantLease(Duration timeToLive) throws KvException {
        reach();
        leases.put(nextLease, new Lease(timeToLive, clock.instant().plus(timeToLive)));
        return nextLease++;
    }

    @Override
    public synchronized void keepAlive(long lease) throws KvException {
        reach();
        var kept = leases.get(lease);
        if (kept == null) {
            throw new KvException(Kind.LEASE_LOST, "lease " + lease + " is gone");
        }
        leases.put(lease, new Lease(kept.timeToLive, clock.instant().plus(kept.timeToLive)));
    }

    @Override
    public synchronized void revokeLease(long lease) throws KvException {
        reach();
        drop(lease);
    }

    private void drop(long lease) {
        leases.remove(lease);
        revision++;
        var keys = entries.entrySet().stream()
                .filter(entry -> entry.getValue().lease.equals(OptionalLong.of(lease)))
                .map(Map.Entry::getKey)
                .toList();
        var events = new ArrayList<WatchEvent>();
        keys.forEach(key -> apply(Write.delete(key)).ifPresent(events::add));
        publish(events);
    }

    @Override
    public synchronized AutoCloseable watch(String prefix, long fromRevision, WatchListener listener)
            throws KvException {
        reach();
        if (fromRevision <= compacted) {
            listener.ended(new KvException(Kind.COMPACTED, "watch " + prefix + ": the revision is compacted"));
            return () -> {};
        }
        var missed = log.stream()
                .filter(logged ->
                        logged.revision >= fromRevision && logged.event.key().startsWith(prefix))
                .map(Logged::event)
                .toList();
        if (!missed.isEmpty()) {
            listener.changed(missed);
        }
        var watch = new Subscription(prefix, listener);
        watches.add(watch);
        return () -> {
            synchronized (this) {
                watches.remove(watch);
            }
        };
    }

    private void reach() throws KvException {
        if (unreachable) {
            throw new KvException(Kind.UNREACHABLE, "the connection was cut");
        }
    }

    @Override
    public void close() {}
}

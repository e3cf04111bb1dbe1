package dev.tombolo.kvstore.follow;

import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Listing;
import dev.tombolo.kvstore.store.WatchEvent;
import dev.tombolo.kvstore.store.WatchListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows prefixes of one store for as long as it lives: listed at a pinned revision, then watched; listed again after
 * every loss. Delivers nothing that looks like a removal while the source is stale: a lost connection keeps what is
 * known, and deletes that arrive while the heartbeat is overdue (leases of a dead writer running out) are not believed.
 * A prefix is listed only when the heartbeat is there and its canary shows, because an etcd that was restarted empty is
 * being filled at that time.
 *
 * <p>One virtual thread of its own does everything and calls the sinks; {@link #close()} ends it and delivers nothing.
 */
public final class StoreFollower implements AutoCloseable {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(15);

    private final String name;
    private final StoreSource source;
    private final List<FollowedPrefix> prefixes;
    private final FollowPace pace;
    private final Clock clock;
    private final Consumer<SourceState> states;
    private final Thread thread;
    private volatile boolean closed;
    private volatile SourceState state;

    public StoreFollower(
            String name,
            StoreSource source,
            List<FollowedPrefix> prefixes,
            FollowPace pace,
            Clock clock,
            Consumer<SourceState> states) {
        this.name = name;
        this.source = source;
        this.prefixes = List.copyOf(prefixes);
        this.pace = pace;
        this.clock = clock;
        this.states = states;
        this.state = new SourceState.Connecting("the first connection");
        this.thread = Thread.ofVirtual().name("follow " + name).unstarted(this::run);
    }

    public StoreFollower start() {
        states.accept(state);
        thread.start();
        return this;
    }

    public SourceState state() {
        return state;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration retry = pace.firstRetry();
        try {
            while (!closed) {
                try (var session = new Session(source.open())) {
                    session.follow();
                    retry = pace.firstRetry();
                } catch (KvException lost) {
                    disconnected(lost.getMessage());
                }
                Thread.sleep(retry);
                retry = retry.multipliedBy(2).compareTo(pace.longestRetry()) < 0
                        ? retry.multipliedBy(2)
                        : pace.longestRetry();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            // Without this a follower that died would be shown as fresh for ever.
            disconnected("its follower stopped: " + bug);
            throw bug;
        }
    }

    private void disconnected(String cause) {
        switch (state) {
            case SourceState.Connecting _ -> become(new SourceState.Connecting(cause));
            case SourceState.Fresh _ -> become(new SourceState.Stale(clock.instant(), cause));
            case SourceState.Stale(var since, var _) -> become(new SourceState.Stale(since, cause));
        }
    }

    private void become(SourceState next) {
        if (!next.equals(state)) {
            state = next;
            states.accept(next);
        }
    }

    /** What the store's thread hands over to the follower's. */
    private sealed interface Message {
        record Changed(int watch, List<WatchEvent> events) implements Message {}

        record Ended(KvException cause) implements Message {}
    }

    /** One connection, from its opening to its loss. */
    private final class Session implements AutoCloseable {
        private static final int HEARTBEAT = -1;
        private static final int CANARIES = -2;

        private final KvStore store;
        private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
        private final List<AutoCloseable> watches = new ArrayList<>();
        private final Set<String> canaries = new HashSet<>();
        private final Set<Integer> listed = new HashSet<>();
        private Instant lastBeat = Instant.MIN;
        private boolean disbelieved;

        Session(KvStore store) {
            this.store = store;
        }

        void follow() throws KvException, InterruptedException {
            watchHeartbeat();
            watchCanaries();
            while (!closed) {
                listWhatCanBe();
                var message = messages.poll(Math.max(1, untilOverdue().toMillis()), TimeUnit.MILLISECONDS);
                if (message == null) {
                    overdue();
                } else if (handle(message)) {
                    return;
                }
            }
        }

        private void watchHeartbeat() throws KvException {
            var listing = store.list(MeshKeys.HEARTBEAT);
            if (!listing.values().isEmpty()) {
                // Its lease still runs, so its writer lived recently; the next beats must come on time.
                lastBeat = clock.instant();
            }
            watch(MeshKeys.HEARTBEAT, listing, HEARTBEAT);
        }

        private void watchCanaries() throws KvException {
            for (String directory : canaryDirectories()) {
                var listing = store.list(directory);
                canaries.addAll(listing.values().keySet());
                watch(directory, listing, CANARIES);
            }
        }

        /** {@code cilium/synced/<cluster>/} of each canary: a peer may not read those of others. */
        private Set<String> canaryDirectories() {
            var directories = new TreeSet<String>();
            for (FollowedPrefix followed : prefixes) {
                followed.canary()
                        .ifPresent(canary -> directories.add(
                                canary.substring(0, canary.indexOf('/', MeshKeys.SYNCED.length()) + 1)));
            }
            return directories;
        }

        private void watch(String prefix, Listing listing, int number) throws KvException {
            watches.add(store.watch(prefix, listing.revision() + 1, new WatchListener() {
                @Override
                public void changed(List<WatchEvent> events) {
                    messages.add(new Message.Changed(number, events));
                }

                @Override
                public void ended(KvException cause) {
                    messages.add(new Message.Ended(cause));
                }
            }));
        }

        private void listWhatCanBe() throws KvException {
            if (!isAlive()) {
                waiting("its heartbeat " + MeshKeys.HEARTBEAT);
                return;
            }
            for (int i = 0; i < prefixes.size(); i++) {
                Optional<String> canary = prefixes.get(i).canary();
                if (!listed.contains(i) && (canary.isEmpty() || canaries.contains(canary.get()))) {
                    var listing = store.list(prefixes.get(i).prefix());
                    prefixes.get(i).sink().listed(listing.values());
                    listed.add(i);
                    watch(prefixes.get(i).prefix(), listing, i);
                }
            }
            if (listed.size() == prefixes.size()) {
                become(new SourceState.Fresh());
            } else {
                waiting("its canaries " + MeshKeys.SYNCED);
            }
        }

        private void waiting(String what) {
            if (state instanceof SourceState.Connecting) {
                become(new SourceState.Connecting(what));
            }
        }

        private boolean isAlive() {
            return !lastBeat.equals(Instant.MIN) && !clock.instant().isAfter(lastBeat.plus(pace.overdue()));
        }

        private Duration untilOverdue() {
            return isAlive()
                    ? Duration.between(clock.instant(), lastBeat.plus(pace.overdue()))
                            .plusMillis(1)
                    : pace.overdue();
        }

        private void overdue() {
            if (!isAlive() && state instanceof SourceState.Fresh) {
                become(new SourceState.Stale(
                        clock.instant(), "no heartbeat for " + pace.overdue().toMillis() + " ms"));
            }
        }

        /** True when the session is over and everything has to be listed again. */
        private boolean handle(Message message) throws KvException {
            return switch (message) {
                case Message.Ended(var cause) -> throw cause;
                case Message.Changed(int watch, var events) when watch == HEARTBEAT -> beat(events);
                case Message.Changed(int watch, var events)
                when watch == CANARIES -> {
                    events.forEach(this::canary);
                    yield false;
                }
                case Message.Changed(int watch, var events) -> {
                    events.forEach(event -> deliver(prefixes.get(watch).sink(), event));
                    yield false;
                }
            };
        }

        private boolean beat(List<WatchEvent> events) {
            boolean alive = events.getLast() instanceof WatchEvent.Put;
            lastBeat = alive ? clock.instant() : Instant.MIN;
            overdue();
            // Deletes were not believed while it was away: only a new listing can tell which of them were meant.
            return alive && disbelieved;
        }

        private void canary(WatchEvent event) {
            switch (event) {
                case WatchEvent.Put(var key, var _) -> canaries.add(key);
                case WatchEvent.Delete(var key) -> canaries.remove(key);
            }
        }

        private void deliver(FollowerSink sink, WatchEvent event) {
            switch (event) {
                case WatchEvent.Put(var key, var value) -> sink.put(key, value);
                case WatchEvent.Delete(var key) -> {
                    if (isAlive()) {
                        sink.deleted(key);
                    } else {
                        disbelieved = true;
                        overdue();
                    }
                }
            }
        }

        @Override
        public void close() {
            for (AutoCloseable watch : watches) {
                try {
                    watch.close();
                } catch (Exception alreadyGone) {
                    continue;
                }
            }
            store.close();
        }
    }
}

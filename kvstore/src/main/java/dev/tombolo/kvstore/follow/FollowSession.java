package dev.tombolo.kvstore.follow;

import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Listing;
import dev.tombolo.kvstore.store.WatchEvent;
import dev.tombolo.kvstore.store.WatchListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection of a follower, from its opening to its loss. Its thread is the follower's; {@link #end()} is anybody's. */
final class FollowSession implements AutoCloseable {
    private static final int HEARTBEAT = -1;
    private static final int CANARIES = -2;

    private final KvStore store;
    private final List<FollowedPrefix> prefixes;
    private final Pulse pulse;
    private final StoreFollower follower;
    private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> watches = new ArrayList<>();
    private final Set<String> canaries = new HashSet<>();
    private final Set<Integer> listed = new HashSet<>();
    private boolean disbelieved;

    /** What other threads hand over to the follower's. */
    private sealed interface Message {
        record Changed(int watch, List<WatchEvent> events) implements Message {}

        record Lost(KvException cause) implements Message {}

        record End() implements Message {}
    }

    FollowSession(KvStore store, List<FollowedPrefix> prefixes, Pulse pulse, StoreFollower follower) {
        this.store = store;
        this.prefixes = prefixes;
        this.pulse = pulse;
        this.follower = follower;
    }

    /** Makes {@link #follow()} return. */
    void end() {
        messages.add(new Message.End());
    }

    void follow() throws KvException, InterruptedException {
        watchHeartbeat();
        watchCanaries();
        while (true) {
            listWhatCanBe();
            var message = messages.poll(Math.max(1, pulse.untilOverdue().toMillis()), TimeUnit.MILLISECONDS);
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
            pulse.beat();
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
                    .ifPresent(canary ->
                            directories.add(canary.substring(0, canary.indexOf('/', MeshKeys.SYNCED.length()) + 1)));
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
                messages.add(new Message.Lost(cause));
            }
        }));
    }

    private void listWhatCanBe() throws KvException {
        if (!pulse.isAlive()) {
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
            follower.become(new SourceState.Fresh());
        } else {
            waiting("its canaries " + MeshKeys.SYNCED);
        }
    }

    private void waiting(String what) {
        if (follower.state() instanceof SourceState.Connecting) {
            follower.become(new SourceState.Connecting(what));
        }
    }

    private void overdue() {
        if (!pulse.isAlive() && follower.state() instanceof SourceState.Fresh) {
            follower.become(new SourceState.Stale(follower.now(), pulse.toString()));
        }
    }

    /** True when the session is over and everything has to be listed again. */
    private boolean handle(Message message) throws KvException {
        return switch (message) {
            case Message.Lost(var cause) -> throw cause;
            case Message.End() -> true;
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
        if (alive) {
            pulse.beat();
        } else {
            pulse.stop();
        }
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
                if (pulse.isAlive()) {
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

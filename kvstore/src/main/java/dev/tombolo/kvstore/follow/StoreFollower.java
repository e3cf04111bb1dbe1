package dev.tombolo.kvstore.follow;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.reconciler.loop.LoopThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private volatile FollowSession session;

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

    /** Opens a new connection and lists again, without calling the source stale. */
    public void reconnect() {
        var current = session;
        if (current != null) {
            current.end();
        }
    }

    @Override
    public void close() {
        closed = true;
        LoopThread.end(thread, LONGEST_CLOSE);
    }

    private void run() {
        Duration retry = pace.firstRetry();
        try {
            while (!closed) {
                try (var opened = new FollowSession(source.open(), prefixes, new Pulse(pace.overdue(), clock), this)) {
                    session = opened;
                    opened.follow();
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

    Instant now() {
        return clock.instant();
    }

    void become(SourceState next) {
        if (!next.equals(state)) {
            state = next;
            states.accept(next);
        }
    }
}

package dev.tombolo.agent.egress.watch;

import dev.tombolo.reconciler.loop.LoopThread;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is looked at again and again by a thread of its own, until it is closed. What fails is told when it begins
 * to fail, and tried again.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration RETRY = Duration.ofMillis(200);
    /** What is used is closed next, so that a long look has to end before. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

    private final String failing;
    private final Look look;
    private final Thread thread;
    private volatile Optional<String> failure = Optional.empty();

    /** What is done each time, the wait until the next time included. */
    public interface Look {
        void once() throws IOException, InterruptedException;
    }

    private Watch(Thread.Builder threads, String name, String failing, Look look) {
        this.failing = failing;
        this.look = look;
        thread = threads.name(name).unstarted(this::run);
    }

    /** @param failing what is said while it fails, before the reason */
    public static Watch start(String name, String failing, Look look) {
        return new Watch(Thread.ofVirtual(), name, failing, look).start();
    }

    /** The same where a virtual thread would not do: it waits behind plans that compute, and is late itself. */
    public static Watch startOnTime(String name, String failing, Look look) {
        return new Watch(Thread.ofPlatform().daemon(), name, failing, look).start();
    }

    private Watch start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (true) {
                attempt();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() throws InterruptedException {
        try {
            look.once();
            failure = Optional.empty();
        } catch (IOException away) {
            if (isNew(away)) {
                LOG.warn("{}: {}", failing, away.getMessage());
            }
            Thread.sleep(RETRY);
        } catch (RuntimeException fault) {
            if (isNew(fault)) {
                LOG.error("{}, by a fault of Tombolo", failing, fault);
            }
            Thread.sleep(RETRY);
        }
    }

    private boolean isNew(Exception now) {
        var before = failure;
        failure = Optional.of(failing + ": " + now);
        return !before.equals(failure);
    }

    /** Why it failed the last time, if it did. */
    public Optional<String> failure() {
        return failure;
    }

    @Override
    public void close() {
        LoopThread.end(thread, LONGEST_CLOSE);
    }
}

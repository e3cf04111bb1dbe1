package dev.tombolo.agent.egress.load;

import dev.tombolo.agent.egress.address.Fences;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.egress.NatCollector;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.LoopThread;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends translations that are over, and those to an address that the node has no more, now and then, and counts the others.
 * While the agent is away they only stay longer.
 */
public final class TranslationCollector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TranslationCollector.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** At once, until nothing is left to end; the rest has to wait for the next time. */
    private static final int MOST_PASSES = 100;

    private final NatCollector collector;
    private final Fences fences;
    private final Supplier<Set<IpAddress>> held;
    private final LoadWatch load;
    private final Thread thread;
    private volatile boolean closed;

    /** @param held the node's addresses; empty while they are not known */
    public TranslationCollector(NatCollector collector, Fences fences, Supplier<Set<IpAddress>> held, LoadWatch load) {
        this.collector = collector;
        this.fences = fences;
        this.held = held;
        this.load = load;
        thread = Thread.ofVirtual().name("egress translations").unstarted(this::run);
    }

    public TranslationCollector start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (!closed) {
                Thread.sleep(INTERVAL);
                collect();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void collect() {
        try {
            var addresses = held.get();
            load.look(collector.collect(addresses));
            for (int more = 0; more < MOST_PASSES && collector.isBehind() && !closed; more++) {
                load.look(collector.collect(addresses));
            }
            if (!addresses.isEmpty()) {
                fences.forgetAllBut(addresses);
            }
        } catch (BpfException failure) {
            LOG.warn("egress translations cannot be collected: {}", failure.getMessage());
        }
    }

    /** Returns when no pass is under way, because maps are closed next. */
    @Override
    public void close() {
        closed = true;
        LoopThread.end(thread, INTERVAL);
    }
}

package dev.tombolo.agent.egress;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.egress.NatCollector;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends translations that are over, now and then. While the agent is away they only stay longer. */
final class TranslationCollector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TranslationCollector.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final NatCollector collector;
    private final Thread thread;
    private volatile boolean closed;

    TranslationCollector(NatCollector collector) {
        this.collector = collector;
        thread = Thread.ofVirtual().name("egress translations").unstarted(this::run);
    }

    TranslationCollector start() {
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
            collector.collect();
        } catch (BpfException failure) {
            LOG.warn("egress translations cannot be collected: {}", failure.getMessage());
        }
    }

    /** Returns when no pass is under way, because maps are closed next. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(INTERVAL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

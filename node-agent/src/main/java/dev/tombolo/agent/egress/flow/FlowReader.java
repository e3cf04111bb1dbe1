package dev.tombolo.agent.egress.flow;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.egress.EgressEvent;
import dev.tombolo.bpf.egress.EgressEvents;
import dev.tombolo.reconciler.loop.LoopThread;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the programs tell into the history, on a thread of its own. A thousand or so at each look: under a flood the
 * ring overflows, the kernel counts what it lost, and the agent has other things to do.
 */
public final class FlowReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlowReader.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final EgressEvents events;
    private final Supplier<FlowNames> names;
    private final FlowHistory history;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean closed;

    public FlowReader(EgressEvents events, Supplier<FlowNames> names, FlowHistory history, Clock clock) {
        this.events = events;
        this.names = names;
        this.history = history;
        this.clock = clock;
        thread = Thread.ofVirtual().name("egress flows").unstarted(this::run);
    }

    public FlowReader start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (!closed) {
                read();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (BpfException failure) {
            LOG.warn("flows of egress policies are not shown any more: {}", failure.getMessage());
        }
    }

    private void read() throws BpfException {
        var moment = new Moment(clock.instant(), System.nanoTime());
        events.read(event -> add(event, moment));
    }

    private void add(EgressEvent event, Moment moment) {
        history.add(FlowPlan.flow(event, events.reason(event), events.hook(event), names.get(), moment));
    }

    /** Returns when nobody reads any more, because the map is closed next. */
    @Override
    public void close() {
        closed = true;
        LoopThread.end(thread, INTERVAL.multipliedBy(100));
        events.close();
    }
}

package dev.tombolo.agent.egress.connections;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Conntrack;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Has the kernel forget connections that began under other policies, soon after what is steered has changed. Its table may
 * be long, and each time all of it is read, so that this is done once for many changes, and takes a tenth of the time at
 * most.
 */
public final class ConnectionWatch implements AutoCloseable {
    /** Rows are written one group after the other, and packets may be under way that were steered by those before. */
    private static final Duration SETTLED = Duration.ofMillis(150);

    private static final Duration PAUSE = Duration.ofMillis(850);
    private static final int PAUSES = 9;

    /** Until it is known what the data path does. */
    private static final Duration NOT_KNOWN_YET = Duration.ofSeconds(1);

    private final Supplier<Set<IpAddress>> nodes;
    private final SteeringChanges changes;
    private final ConnectionSweep sweep;
    private final Semaphore news = new Semaphore(0);
    private final AtomicBoolean due = new AtomicBoolean(true);
    private Optional<Watch> watch = Optional.empty();

    /**
     * Of one node.
     *
     * @param applied rows that are in the kernel
     * @param pods the addresses of this node's pods
     * @param nodes the addresses of this node; empty while it is not known that the data path does what its maps say
     */
    public ConnectionWatch(
            Table<EgressKey, Packed> applied,
            Supplier<Set<IpAddress>> pods,
            Supplier<Set<IpAddress>> nodes,
            EgressMaps maps) {
        this(applied, pods, nodes, new ConnectionSweep(maps, Conntrack::open));
    }

    ConnectionWatch(
            Table<EgressKey, Packed> applied,
            Supplier<Set<IpAddress>> pods,
            Supplier<Set<IpAddress>> nodes,
            ConnectionSweep sweep) {
        this.nodes = nodes;
        this.sweep = sweep;
        changes = new SteeringChanges(applied, pods);
        applied.onChange(news::release);
    }

    /** Waiting for the kernel is nothing for a virtual thread. */
    public ConnectionWatch start() {
        watch = Optional.of(Watch.startOnTime(
                "egress connections",
                "connections that began under other egress policies stay as they are",
                this::next));
        return this;
    }

    /** Something else has changed by which packets are steered or not. */
    public void lookAgain() {
        due.set(true);
        news.release();
    }

    /** So far, by why they were to be forgotten. */
    public Map<String, Long> forgotten() {
        return sweep.forgotten();
    }

    private void next() throws IOException, InterruptedException {
        awaitNews();
        Thread.sleep(SETTLED);
        if (changes.any()) {
            due.set(true);
        }
        var own = due.get() ? nodes.get() : Set.<IpAddress>of();
        if (!own.isEmpty()) {
            long since = System.nanoTime();
            look(own);
            var took = Duration.ofNanos(System.nanoTime() - since);
            Thread.sleep(PAUSE.compareTo(took.multipliedBy(PAUSES)) > 0 ? PAUSE : took.multipliedBy(PAUSES));
        }
    }

    private void awaitNews() throws InterruptedException {
        if (due.get()) {
            news.tryAcquire(NOT_KNOWN_YET.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            news.acquire();
        }
        news.drainPermits();
    }

    /** What comes meanwhile, and what fails, is due again. */
    private void look(Set<IpAddress> own) throws IOException {
        due.set(false);
        boolean all = false;
        try {
            all = sweep.sweep(own);
        } finally {
            if (!all) {
                due.set(true);
            }
        }
    }

    @Override
    public void close() {
        watch.ifPresent(Watch::close);
    }
}

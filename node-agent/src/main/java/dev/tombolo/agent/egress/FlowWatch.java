package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.egress.EgressFlow;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.model.node.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Looks now and then, while gateways are being left, through which of them nothing goes any more. */
final class FlowWatch implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int TCP = 6;

    private final NodeId self;
    private final EgressTables tables;
    private final EgressMaps maps;
    private final LongSupplier clock;
    private Optional<Watch> watch = Optional.empty();

    /** @param clock the kernel's monotonic one, in nanoseconds: {@link System#nanoTime} on Linux */
    FlowWatch(NodeId self, EgressTables tables, EgressMaps maps, LongSupplier clock) {
        this.self = self;
        this.tables = tables;
        this.maps = maps;
        this.clock = clock;
        tables.emptied.markInitialized();
    }

    FlowWatch start() {
        watch = Optional.of(
                Watch.start("egress flows", "flows through gateways that are left cannot be counted", this::next));
        return this;
    }

    private void next() throws IOException, InterruptedException {
        Thread.sleep(INTERVAL);
        var program = tables.program.snapshot().get(MeshTables.OWN);
        if (program.isPresent()) {
            look(program.get());
        }
    }

    void look(EgressProgram program) throws BpfException {
        tables.emptied.replaceAll(program.leaving().isEmpty() ? Map.of() : emptied(program));
    }

    private Map<NodeId, Long> emptied(EgressProgram program) throws BpfException {
        long now = clock.getAsLong();
        var used = used(now);
        boolean translates = program.leaving().containsKey(self) && translates();
        var emptied = new HashMap<NodeId, Long>();
        program.leaving().forEach((node, since) -> {
            // Rows that lead there may have been replaced later than the plan was made.
            boolean settled = now - since > INTERVAL.toNanos();
            boolean carries = used.contains(program.gatewayNumber(node)) || node.equals(self) && translates;
            if (settled && !carries) {
                emptied.put(node, since);
            }
        });
        return emptied;
    }

    /** The gateways that flows of this node's pods have. */
    private Set<Integer> used(long now) throws BpfException {
        var used = new HashSet<Integer>();
        maps.flows().forEach((tuple, flow) -> {
            if (isLive(tuple, flow, now)) {
                used.add(flow.gatewayId());
            }
        });
        return used;
    }

    private static boolean isLive(EgressTuple tuple, EgressFlow flow, long now) {
        var timeouts = NatTimeouts.DEFAULT;
        var longest = tuple.protocol() != TCP
                ? timeouts.stream()
                : flow.hasEnded() ? timeouts.handshake() : timeouts.established();
        return flow.idleNanos(now) < longest.toNanos();
    }

    /** Whether this node still is the gateway of anything; what is over is collected. */
    private boolean translates() throws BpfException {
        var found = new AtomicBoolean();
        maps.translations().forEach((tuple, _) -> {
            if (tuple.isOutward()) {
                found.set(true);
            }
        });
        return found.get();
    }

    @Override
    public void close() {
        watch.ifPresent(Watch::close);
    }
}

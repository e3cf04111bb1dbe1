package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.kernel.HeldPods;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.egress.watch.Pause;
import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.loop.Reconciler;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks for pods that are known and held all the same, and has their rows made as they should be: at once when something
 * is known of pods, and again and again, because what runs before a pod tells nobody.
 */
final class HeldPodWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final NodeId self;
    private final EgressTables tables;
    private final Rows kernel;
    private final HeldPods held;
    private final Reconciler<EgressKey, Packed> rows;
    private final Pause pause = new Pause(INTERVAL);
    private Optional<Watch> watch = Optional.empty();

    /** The rows of pods as the kernel has them now. */
    interface Rows {
        boolean isHeld(IpAddress pod) throws IOException;
    }

    HeldPodWatch(NodeId self, EgressTables tables, Rows kernel, HeldPods held, Reconciler<EgressKey, Packed> rows) {
        this.self = self;
        this.tables = tables;
        this.kernel = kernel;
        this.held = held;
        this.rows = rows;
    }

    HeldPodWatch start() {
        tables.pods.onChange(held::told);
        tables.program.onChange(pause::end);
        tables.rows.onChange(pause::end);
        watch = Optional.of(Watch.start("held pods", "pods may stay held", () -> {
            tables.program.snapshot().get(MeshTables.OWN).ifPresent(this::look);
            pause.await();
        }));
        return this;
    }

    private void look(EgressProgram program) {
        held.know(program.podsOn(self), program.rows().sources().keySet());
        var failing = rows.failures().keySet();
        try {
            for (IpAddress address : held.known()) {
                var key = new EgressKey.Source(address);
                // What failed is tried again in its own time.
                if (kernel.isHeld(address) && !failing.contains(key)) {
                    rows.reconsider(key);
                }
            }
        } catch (IOException unreadable) {
            // A map that cannot be read is shown by the loop that writes it.
            rows.requestFullPass();
        }
    }

    /** Why nobody looks, if so. */
    Optional<String> failure() {
        return watch.flatMap(Watch::failure);
    }

    @Override
    public void close() {
        watch.ifPresent(Watch::close);
    }
}

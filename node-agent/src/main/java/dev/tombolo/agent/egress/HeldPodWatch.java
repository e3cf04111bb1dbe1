package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.kernel.HeldPods;
import dev.tombolo.agent.egress.kernel.KernelEgress;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.loop.Reconciler;
import java.io.IOException;
import java.time.Duration;

/**
 * Looks for pods that are known and held all the same, and has their rows made as they should be: at once when something
 * is known of pods, and again and again, because what runs before a pod tells nobody.
 */
final class HeldPodWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final NodeId self;
    private final EgressTables tables;
    private final KernelEgress kernel;
    private final HeldPods held;
    private final Reconciler<EgressKey, Packed> rows;
    private final Thread thread;
    private final Object signal = new Object();
    private boolean look;

    HeldPodWatch(
            NodeId self, EgressTables tables, KernelEgress kernel, HeldPods held, Reconciler<EgressKey, Packed> rows) {
        this.self = self;
        this.tables = tables;
        this.kernel = kernel;
        this.held = held;
        this.rows = rows;
        thread = Thread.ofVirtual().name("held pods").unstarted(this::run);
    }

    HeldPodWatch start() {
        tables.pods.onChange(held::told);
        tables.program.onChange(this::lookAgain);
        tables.rows.onChange(this::lookAgain);
        thread.start();
        return this;
    }

    private void lookAgain() {
        synchronized (signal) {
            look = true;
            signal.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                tables.program.snapshot().get(MeshTables.OWN).ifPresent(this::look);
                synchronized (signal) {
                    if (!look) {
                        signal.wait(INTERVAL.toMillis());
                    }
                    look = false;
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
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

    @Override
    public void close() {
        thread.interrupt();
    }
}

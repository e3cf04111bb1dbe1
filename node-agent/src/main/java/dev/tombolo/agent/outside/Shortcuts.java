package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** From the uplinks to programs before their stack; apart from those that serve, for these may be refused. */
final class Shortcuts implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    private final Derivation<String, Shortcut> planned;
    private final Reconciler<String, Shortcut> reconciler;

    Shortcuts(
            Table<String, Integer> uplinks,
            Table<String, NodeNetwork> network,
            Acceleration acceleration,
            Target<String, Shortcut> programs,
            Clock clock) {
        var wanted = new Table<String, Shortcut>("shortcuts");
        planned = Derivation.into(wanted)
                .fromAll(uplinks)
                .fromAll(network)
                .startWhole(() -> shortcuts(uplinks, network, acceleration));
        reconciler = new Reconciler<>(wanted, programs, FULL_PASS, clock, RandomGenerator.getDefault()).start();
    }

    private static Map<String, Shortcut> shortcuts(
            Table<String, Integer> uplinks, Table<String, NodeNetwork> network, Acceleration acceleration) {
        return network.snapshot()
                .get(MeshTables.OWN)
                .map(now -> ShortcutPlan.shortcuts(now, uplinks.snapshot().toMap(), acceleration))
                .orElse(Map.of());
    }

    /** Whether nothing of another version is needed here any more. */
    boolean settled() {
        return reconciler.applied().initialized();
    }

    Optional<String> planFailure() {
        return planned.failure();
    }

    Reconciler<String, Shortcut> reconciler() {
        return reconciler;
    }

    /** Stops; what is attached stays. */
    @Override
    public void close() {
        planned.close();
        reconciler.close();
    }
}

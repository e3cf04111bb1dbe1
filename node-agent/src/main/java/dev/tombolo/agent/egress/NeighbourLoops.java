package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.egress.neighbour.NeighboursPlan;
import dev.tombolo.agent.mesh.Beliefs;
import dev.tombolo.agent.mesh.FollowedEgress;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The chain from peers and policies to what is between this cluster and others; it always runs. */
final class NeighbourLoops implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(5);

    private final MeshTables mesh;
    private final EgressTables tables;
    private final FollowedEgress followed;
    private final Reconciler<ClusterName, Boolean> following;
    private final List<Derivation<?, ?>> derivations = new ArrayList<>();

    NeighbourLoops(MeshTables mesh, EgressTables tables, StoreSource store, FollowPace pace, Clock clock) {
        this.mesh = mesh;
        this.tables = tables;
        derivations.add(Derivation.into(tables.wanted)
                .fromAll(mesh.declared)
                .fromAll(tables.policies)
                .startWhole(() -> NeighboursPlan.wanted(
                        mesh.declared.snapshot().values().toList(),
                        tables.policies.snapshot().values().toList())));
        followed = new FollowedEgress(store, pace, tables.wanted, tables.heard, mesh.refusals, clock);
        following = new Reconciler<>(tables.wanted, followed, FULL_PASS, clock, RandomGenerator.getDefault()).start();
        derivations.add(Beliefs.start(
                tables.heard, mesh.rules, EgressMessage.Key::from, PeerRules::check, mesh.refusals, tables.believed));
        derivations.add(Derivation.into(tables.neighbours)
                .fromAll(tables.wanted)
                .fromAll(tables.believed)
                .fromAll(mesh.peers)
                .startWhole(this::neighbours));
        tables.wanted.onChange(this::settle);
        settle();
    }

    /** Policies of a cluster that is alone in this must not wait until the mesh has been read. */
    private void settle() {
        var wanted = tables.wanted.snapshot();
        if (wanted.initialized() && wanted.size() == 0) {
            tables.neighbours.markInitialized();
        }
    }

    private Map<String, Neighbours> neighbours() {
        return Map.of(
                MeshTables.OWN,
                NeighboursPlan.neighbours(
                        tables.wanted.snapshot().toMap().keySet(),
                        tables.believed.snapshot().values().toList(),
                        mesh.peers.snapshot().toMap()));
    }

    @Override
    public void close() {
        following.close();
        followed.close();
        derivations.forEach(Derivation::close);
    }
}

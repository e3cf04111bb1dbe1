package dev.tombolo.agent.mesh;

import dev.tombolo.agent.service.Frontend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/** Who is in the mesh, and by which rules each peer is believed. */
final class Membership {
    private final MeshTables tables;
    private final Table<Frontend, ServiceEntry> served;
    private final Prefix tunnelRange;
    private final Farewells farewells;

    private Membership(MeshTables tables, Table<Frontend, ServiceEntry> served, Prefix tunnelRange, Duration farewell) {
        this.tables = tables;
        this.served = served;
        this.tunnelRange = tunnelRange;
        farewells = new Farewells(farewell, this::reconsiderRouted);
    }

    /**
     * Plans from the declared peers.
     *
     * @param served the services as the kernel has them
     * @param farewell how long the path of a peer that leaves outlasts its services
     */
    static List<Derivation<?, ?>> start(
            MeshTables tables, Table<Frontend, ServiceEntry> served, Prefix tunnelRange, Duration farewell) {
        var membership = new Membership(tables, served, tunnelRange, farewell);
        List<Derivation<?, ?>> derivations = List.of(
                membership.declared(),
                membership.routed(),
                membership.wanted(),
                membership.rules(tables.routed, tables.rules),
                membership.rules(tables.declared, tables.serviceRules));
        served.onChange(membership::reconsiderLeaving);
        return derivations;
    }

    private Derivation<ClusterName, PeerDeclaration> declared() {
        return Derivation.into(tables.declared).fromAll(tables.meshPeers).startWhole(() -> {
            var declared = new TreeMap<ClusterName, PeerDeclaration>();
            tables.meshPeers
                    .snapshot()
                    .values()
                    .forEach(object ->
                            DeclarationPlan.declaration(object).ifPresent(peer -> declared.put(peer.name(), peer)));
            return declared;
        });
    }

    private Derivation<ClusterName, PeerDeclaration> routed() {
        return Derivation.into(tables.routed)
                .fromAll(tables.declared)
                .fromAll(tables.served)
                .startWhole(() -> {
                    var declared = tables.declared.snapshot().toMap();
                    var before = tables.routed.snapshot().toMap();
                    return RoutedPlan.peers(
                            declared,
                            before,
                            farewells.of(before.keySet(), declared.keySet()),
                            served.snapshot().values().toList());
                });
    }

    /** Services change often, and seldom while a peer leaves: only then is it of interest whether they still need it. */
    private void reconsiderLeaving() {
        if (tables.routed.snapshot().size() > tables.declared.snapshot().size()) {
            reconsiderRouted();
        }
    }

    private void reconsiderRouted() {
        tables.served.put(MeshTables.OWN, System.nanoTime());
    }

    private Derivation<ClusterName, Boolean> wanted() {
        return Derivation.into(tables.wanted)
                .from(tables.routed, List::of)
                .keys(() -> tables.routed.snapshot().toMap().keySet())
                .row(name -> tables.routed.snapshot().get(name).map(_ -> true))
                .start();
    }

    private Derivation<ClusterName, PeerRules> rules(
            Table<ClusterName, PeerDeclaration> peers, Table<ClusterName, PeerRules> out) {
        return Derivation.into(out)
                .fromAll(peers)
                .fromAll(tables.kubeNodes)
                .startWhole(() -> BeliefPlan.rules(
                        peers.snapshot().toMap(),
                        DeclarationPlan.ours(
                                tables.kubeNodes.snapshot().values().toList(), tunnelRange)));
    }
}

package dev.tombolo.apiserver.bgp;

import dev.tombolo.apiserver.derive.KindStatuses;
import dev.tombolo.apiserver.derive.OwnKinds;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes into Cilium's kinds for BGP what they have come to, and removes what nodes have said that are gone. Works only while
 * it is elected, where the kinds are ours, and once there is an object of one. {@link #pass()} is called by one thread.
 */
public final class BgpStatusController {
    private final KubeTables kube;
    private final BgpTables tables;
    private final Reports reports;
    private final BooleanSupplier elected;
    private final Clock clock;
    private final OwnKinds kinds;
    private final KindStatuses<BgpClusterConfigObject, BgpClusterConfigObject.Status> clusterConfigs;
    private final KindStatuses<BgpPeerConfigObject, BgpPeerConfigObject.Status> peerConfigs;
    private final KindStatuses<BgpAdvertisementObject, BgpAdvertisementObject.Status> advertisements;
    private final KindStatuses<BgpOverrideObject, BgpOverrideObject.Status> overrides;

    /** Tells people. */
    public interface Reports {
        /** Whether the kinds are ours: what Cilium has defined, Cilium carries out. */
        boolean wanted() throws IOException;

        void clusterConfig(String name, BgpClusterConfigObject.Status status) throws IOException;

        void peerConfig(String name, BgpPeerConfigObject.Status status) throws IOException;

        void advertisement(String name, BgpAdvertisementObject.Status status) throws IOException;

        void override(String name, BgpOverrideObject.Status status) throws IOException;

        /** Whether there is such a node at this moment, whatever was read. */
        boolean hasNode(String name) throws IOException;

        void removeNodeConfig(String node) throws IOException;
    }

    public BgpStatusController(
            KubeTables kube, BgpTables tables, Reports reports, BooleanSupplier elected, Clock clock) {
        this.kube = kube;
        this.tables = tables;
        this.reports = reports;
        this.elected = elected;
        this.clock = clock;
        kinds = new OwnKinds(reports::wanted, clock);
        clusterConfigs = statuses(BgpClusterConfigObject::head, BgpClusterConfigObject::status, reports::clusterConfig);
        peerConfigs = statuses(BgpPeerConfigObject::head, BgpPeerConfigObject::status, reports::peerConfig);
        advertisements = statuses(BgpAdvertisementObject::head, BgpAdvertisementObject::status, reports::advertisement);
        overrides = statuses(BgpOverrideObject::head, BgpOverrideObject::status, reports::override);
    }

    private static <O, S> KindStatuses<O, S> statuses(
            Function<O, ObjectHead> head, Function<O, S> held, KindStatuses.Writer<S> writer) {
        return new KindStatuses<>(head.andThen(ObjectHead::name), head.andThen(ObjectHead::uid), held, writer);
    }

    /** The tables after whose changes a pass is due. That an agent falls silent no change tells. */
    public List<Table<?, ?>> inputs() {
        return Stream.concat(Stream.of(kube.nodes()), tables.all().stream()).toList();
    }

    public void pass() throws IOException {
        if (!elected.getAsBoolean()) {
            forget();
            return;
        }
        if (!known() || tables.isUnused() || !kinds.areOurs()) {
            return;
        }
        var nodes = kube.nodes().snapshot();
        var failures = show(BgpStatusPlan.of(tables, nodes.values().toList(), heard(), clock.instant()));
        removeGone(nodes.toMap().keySet());
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private boolean known() {
        return tables.known() && kube.nodes().initialized() && kube.agents().initialized();
    }

    private List<IOException> show(BgpStatusPlan plan) {
        return Stream.of(
                        clusterConfigs.show(rows(tables.clusterConfigs()), plan::clusterConfig),
                        peerConfigs.show(rows(tables.peerConfigs()), plan::peerConfig),
                        advertisements.show(rows(tables.advertisements()), plan::advertisement),
                        overrides.show(rows(tables.overrides()), plan::override))
                .flatMap(Optional::stream)
                .toList();
    }

    private static <R> List<R> rows(Table<String, R> table) {
        return table.snapshot().values().toList();
    }

    private void forget() {
        clusterConfigs.forget();
        peerConfigs.forget();
        advertisements.forget();
        overrides.forget();
    }

    private Set<String> heard() {
        Instant now = clock.instant();
        return kube.agents()
                .snapshot()
                .values()
                .filter(agent -> agent.isFresh(now))
                .map(MeshNodeObject::name)
                .collect(Collectors.toSet());
    }

    /** A node may have said something before we hear that there is one: it is looked for. */
    private void removeGone(Set<String> nodes) throws IOException {
        for (String node : tables.nodeConfigs().snapshot().toMap().keySet()) {
            if (!nodes.contains(node) && !reports.hasNode(node)) {
                reports.removeNodeConfig(node);
            }
        }
    }
}

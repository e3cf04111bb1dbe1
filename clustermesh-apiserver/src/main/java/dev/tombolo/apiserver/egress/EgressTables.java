package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.mirror.PeerOffers;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What is read of Kubernetes anyway, cut down to what can make a difference to an egress policy: a pod that becomes ready
 * and an agent that says again what it said before change nothing here.
 */
public final class EgressTables implements AutoCloseable {
    private final Table<ObjectKey, EgressPod> pods = new Table<>("egress pods");
    private final Table<String, EgressNode> nodes = new Table<>("egress nodes");
    private final PeerOffers offers = new PeerOffers();
    private final Table<String, Report> reports = new Table<>("egress reports");
    private final Table<IpAddress, EgressOwner> owners = new Table<>("egress owners");
    private final Table<String, GatewayVote> votes = new Table<>("egress gateway votes");
    private final BooleanSupplier noPools;
    private final List<Derivation<?, ?>> running = new ArrayList<>();

    /**
     * What an agent says that a policy's status rests on.
     *
     * @param unheld why its new pods start before their policies are known
     */
    public record Report(List<EgressProgrammed> programmed, Optional<String> unheld) {}

    private EgressTables(BooleanSupplier noPools) {
        this.noPools = noPools;
    }

    /** @param noPools whether the API server has no such kind */
    public static EgressTables start(KubeTables kube, ClusterName self, BooleanSupplier noPools) {
        var tables = new EgressTables(noPools);
        tables.follow(kube.pods(), tables.pods, KubePod::egressPod);
        tables.follow(kube.nodes(), tables.nodes, node -> Optional.of(node.egressNode(self)));
        tables.follow(kube.agents(), tables.reports, EgressTables::report);
        return tables;
    }

    private static Optional<Report> report(MeshNodeObject agent) {
        var programmed = agent.status().egress().stream()
                .map(EgressProgrammed::noticeable)
                .toList();
        return Optional.of(new Report(programmed, agent.startsPodsUnheld()))
                .filter(said -> !said.programmed().isEmpty() || said.unheld().isPresent());
    }

    private <K extends Comparable<? super K>, A, B> void follow(
            Table<K, A> from, Table<K, B> into, Function<A, Optional<B>> row) {
        running.add(Derivation.into(into)
                .from(from, List::of)
                .keys(() ->
                        from.snapshot().stream().map(entry -> entry.getKey()).toList())
                .row(key -> from.snapshot().get(key).flatMap(row))
                .start());
    }

    public Table<ObjectKey, EgressPod> pods() {
        return pods;
    }

    public Table<String, EgressNode> nodes() {
        return nodes;
    }

    /** What peers offer to our pods, as far as their clusters have been read. */
    public PeerOffers offers() {
        return offers;
    }

    /** What the node agents say of policies, by node. */
    public Table<String, Report> reports() {
        return reports;
    }

    /** Who owns which floating address; whoever knows it writes it. */
    public Table<IpAddress, EgressOwner> owners() {
        return owners;
    }

    /** What nodes say of gateways, by the keys of that in etcd. */
    public Table<String, GatewayVote> votes() {
        return votes;
    }

    /** Whether there are no pools that could still be read for the first time. */
    boolean poolsAreRead(Table<String, EgressPoolObject> pools) {
        return pools.initialized() || noPools.getAsBoolean();
    }

    @Override
    public void close() {
        running.forEach(Derivation::close);
    }
}

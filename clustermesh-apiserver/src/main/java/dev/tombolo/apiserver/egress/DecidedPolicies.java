package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.HealthPlan;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPolicyReading;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.egress.EgressPoolReading;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the policies come to now; decided again only when something that it rests on has changed. Used by one thread. */
final class DecidedPolicies {
    private final KubeTables kube;
    private final EgressTables tables;
    private final ClusterName self;
    private Optional<Decided> last = Optional.empty();

    /** @param concerned by policy, the nodes that have something to do for it */
    record Decided(Basis basis, EgressState state, EgressDecisions decisions, Map<String, Set<String>> concerned) {}

    /** What decisions rest on; the tables by revision. */
    record Basis(
            List<EgressPolicyReading> readings,
            List<EgressPoolReading> pools,
            long pods,
            long namespaces,
            long nodes,
            long offered,
            long owners,
            Map<NodeId, GatewayHealth> health) {}

    DecidedPolicies(KubeTables kube, EgressTables tables, ClusterName self) {
        this.kube = kube;
        this.tables = tables;
        this.self = self;
    }

    /** Whether everything that decisions rest on has been read once. */
    boolean known() {
        return tables.pods().initialized()
                && tables.nodes().initialized()
                && tables.poolsAreRead(kube.egressPools())
                && kube.namespaces().initialized();
    }

    Decided now(List<EgressPolicyReading> readings) {
        var pods = tables.pods().snapshot();
        var namespaces = kube.namespaces().snapshot();
        var nodes = tables.nodes().snapshot();
        var offered = tables.offers().nodes().snapshot();
        var owners = tables.owners().snapshot();
        var health = HealthPlan.health(self, tables.votes().snapshot().values().toList());
        var basis = new Basis(
                readings,
                pools(),
                pods.revision(),
                namespaces.revision(),
                nodes.revision(),
                offered.revision(),
                owners.revision(),
                health);
        var decided = last.filter(earlier -> earlier.basis().equals(basis))
                .orElseGet(() -> decide(
                        basis,
                        EgressState.of(
                                        self,
                                        readings,
                                        pods.values().toList(),
                                        KubeNamespace.labels(namespaces.values().toList()),
                                        Stream.concat(nodes.values(), offered.values())
                                                .toList())
                                .withPools(inForce(basis.pools()))
                                .withOwners(owners.toMap())
                                .withHealth(basis.health())));
        last = Optional.of(decided);
        return decided;
    }

    private List<EgressPoolReading> pools() {
        var pods = kube.nodes()
                .snapshot()
                .values()
                .flatMap(node -> node.podCidrs().stream())
                .toList();
        return kube.egressPools()
                .snapshot()
                .values()
                .map(pool -> pool.reading(pods))
                .toList();
    }

    private static List<EgressPool> inForce(List<EgressPoolReading> readings) {
        return readings.stream().flatMap(reading -> reading.pool().stream()).toList();
    }

    private static Decided decide(Basis basis, EgressState state) {
        var decisions = EgressPlan.decide(state);
        return new Decided(basis, state, decisions, ProgrammingPlan.concerned(state, decisions));
    }
}

package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.derive.Passes;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.apiserver.store.LeasedPrefix;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what is said to peers about egress equal to what Kubernetes says. */
public final class EgressMessages implements AutoCloseable {
    private static final Duration CHECK = Duration.ofSeconds(1);

    private final KubeTables kube;
    private final EgressTables tables;
    private final ClusterName self;
    private final Table<String, Value> rows;
    private final Derivation<String, Value> derivation;
    private final LeasedPrefix prefix;
    private final Passes canary;

    public EgressMessages(
            KubeTables kube,
            EgressTables tables,
            ClusterName self,
            KvStore store,
            Duration lease,
            Announcements announcements,
            Passes.Failures failures,
            Clock clock) {
        this.kube = kube;
        this.tables = tables;
        this.self = self;
        rows = new Table<>("etcd " + EgressMessageKeys.of(self));
        derivation = Derivation.into(rows)
                .fromAll(kube.egressPolicies())
                .fromAll(kube.namespaces())
                .fromAll(kube.peers())
                .fromAll(tables.pods())
                .fromAll(tables.nodes())
                .fromAll(tables.owners())
                .startWhole(this::plan);
        prefix = LeasedPrefix.start(store, EgressMessageKeys.of(self), lease, rows, clock);
        canary = Passes.start("egress canary", CHECK, List.of(prefix.applied()), failures, () -> {
            if (prefix.inSync()) {
                announcements.canaries(Set.of(EgressMessageKeys.stateCanary(self)));
            }
        });
    }

    private Map<String, Value> plan() {
        var readings = kube.egressPolicies()
                .snapshot()
                .values()
                .map(EgressPolicyObject::reading)
                .toList();
        boolean others = readings.stream()
                .flatMap(reading -> reading.policy().stream())
                .anyMatch(policy -> EgressMessagesPlan.isForOthers(policy, self));
        // Without such a policy it does not matter which pods there are, and there are very many.
        List<EgressPod> pods = others ? tables.pods().snapshot().values().toList() : List.of();
        var nodes = tables.nodes().snapshot().values().toList();
        var namespaces =
                KubeNamespace.labels(kube.namespaces().snapshot().values().toList());
        // Which gateways serve is of no interest here, only whom the policies select.
        var decided = EgressPlan.decide(EgressState.of(self, readings, pods, namespaces, nodes));
        return EgressMessagesPlan.rows(
                self,
                decided,
                EgressMessagesPlan.holding(nodes, tables.owners().snapshot().toMap()),
                kube.peers().snapshot().values().toList());
    }

    /** What could not be written. */
    public Optional<String> problem() {
        return prefix.problem();
    }

    @Override
    public void close() {
        canary.close();
        derivation.close();
        prefix.close();
    }
}

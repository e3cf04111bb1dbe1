package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.derive.KindStatuses;
import dev.tombolo.apiserver.derive.OwnKinds;
import dev.tombolo.apiserver.egress.PolicyEventPlan.PolicyEvent;
import dev.tombolo.apiserver.egress.PoolEventPlan.PoolEvent;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.egress.report.EgressStatusPlan;
import dev.tombolo.egress.report.PolicyStatus;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Writes into every egress policy what it has come to, and into every pool of addresses. Works only while it is elected,
 * and on policies only where they are ours. {@link #pass()} is called by one thread.
 */
public final class EgressStatusController {
    private final KubeTables kube;
    private final EgressTables tables;
    private final Reports reports;
    private final BooleanSupplier elected;
    private final Clock clock;
    private final OwnKinds kinds;
    private final DecidedPolicies decisions;
    private final KindStatuses<EgressPolicyObject, EgressPolicyObject.Status> policies;
    private final PoolStatuses pools;
    private PolicyEvents events;

    /** Tells people. */
    public interface Reports {
        /** Whether policies have a status at all: where they are Cilium's own, they have none. */
        boolean wanted() throws IOException;

        void status(String policy, EgressPolicyObject.Status status) throws IOException;

        void poolStatus(String pool, EgressPoolObject.Status status) throws IOException;

        void event(EgressPolicyObject policy, PolicyEvent event) throws IOException;

        void poolEvent(EgressPoolObject pool, PoolEvent event) throws IOException;
    }

    public EgressStatusController(
            KubeTables kube,
            EgressTables tables,
            ClusterName self,
            Reports reports,
            BooleanSupplier elected,
            Clock clock) {
        this.kube = kube;
        this.tables = tables;
        this.reports = reports;
        this.elected = elected;
        this.clock = clock;
        this.kinds = new OwnKinds(reports::wanted, clock);
        this.decisions = new DecidedPolicies(kube, tables, self);
        this.policies = new KindStatuses<>(
                EgressPolicyObject::name, EgressPolicyObject::uid, EgressPolicyObject::status, reports::status);
        this.events = new PolicyEvents(reports);
        this.pools = new PoolStatuses(reports);
    }

    /** The tables after whose changes a pass is due. */
    public List<Table<?, ?>> inputs() {
        return List.of(
                kube.egressPolicies(),
                kube.egressPools(),
                kube.namespaces(),
                tables.pods(),
                tables.nodes(),
                kube.peers(),
                tables.offers().nodes(),
                tables.offers().read(),
                tables.reports(),
                tables.owners(),
                tables.votes());
    }

    public void pass() throws IOException {
        if (!elected.getAsBoolean()) {
            forget();
            return;
        }
        var written = kube.egressPolicies().snapshot();
        boolean known =
                written.initialized() && decisions.known() && kube.agents().initialized();
        if (!known || written.size() + kube.egressPools().snapshot().size() == 0) {
            return;
        }
        // What Cilium carries out uses no pool of ours.
        var objects = written.size() > 0 && kinds.areOurs() ? written.values().toList() : List.<EgressPolicyObject>of();
        var decided =
                decisions.now(objects.stream().map(EgressPolicyObject::reading).toList());
        events.retain(objects);
        try {
            show(objects, statuses(objects, decided));
        } finally {
            // A policy that cannot be written keeps no pool waiting.
            pools.show(kube.egressPools().snapshot().values().toList(), decided, clock.instant());
        }
    }

    private void forget() {
        policies.forget();
        pools.forget();
        events = new PolicyEvents(reports);
    }

    private Map<String, PolicyStatus> statuses(List<EgressPolicyObject> objects, DecidedPolicies.Decided decided) {
        var versions =
                objects.stream().collect(Collectors.toMap(EgressPolicyObject::name, EgressPolicyObject::version));
        var agents = agentsByFreshness();
        var silent = agents.get(false).stream().map(MeshNodeObject::name).collect(Collectors.toSet());
        return EgressStatusPlan.statuses(
                decided.basis().readings(),
                decided.state(),
                decided.decisions(),
                ProgrammingPlan.programming(decided.concerned(), versions, agents.get(true), silent),
                ProgrammingPlan.unheld(agents.get(true)));
    }

    private Map<Boolean, List<MeshNodeObject>> agentsByFreshness() {
        Instant now = clock.instant();
        return kube.agents().snapshot().values().collect(Collectors.partitioningBy(agent -> agent.isFresh(now)));
    }

    private void show(List<EgressPolicyObject> objects, Map<String, PolicyStatus> statuses) throws IOException {
        var failure = policies.show(
                objects, (object, before) -> status(object, statuses.get(object.name()), before), events::tell);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private EgressPolicyObject.Status status(
            EgressPolicyObject object, PolicyStatus found, EgressPolicyObject.Status before) {
        Instant now = clock.instant();
        var read = tables.offers().read().snapshot().toMap().keySet();
        return UnreadPeerPlan.awaited(object, kube.peers().snapshot().toMap().keySet(), read)
                .map(peer -> UnreadPeerPlan.status(peer, before, now))
                .orElseGet(() -> PolicyStatusPlan.status(object.generation(), found, before, now));
    }
}

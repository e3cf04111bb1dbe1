package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.egress.PolicyEventPlan.PolicyEvent;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.egress.report.EgressStatusPlan;
import dev.tombolo.egress.report.PolicyStatus;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Writes into every egress policy what it has come to. Works only while it is elected, and only where the policies are
 * ours. {@link #pass()} is called by one thread.
 */
public final class EgressStatusController {
    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);

    private final KubeTables kube;
    private final EgressTables tables;
    private final Reports reports;
    private final BooleanSupplier elected;
    private final Clock clock;
    private final DecidedPolicies decisions;
    private final Map<String, Shown> shown = new HashMap<>();
    private PolicyEvents events;
    private Instant asked = Instant.EPOCH;
    private boolean ours;

    /** What a policy's object was given, and what it looked like to us then. */
    private record Shown(EgressPolicyObject object, EgressPolicyObject.Status status) {
        /**
         * Whether this was written, and the object has not been read again since: it is another one then, even if somebody
         * made it look as before.
         */
        boolean isOnItsWay(Shown last) {
            return last != null && last.object == object && last.status.equals(status);
        }
    }

    /** Tells people. */
    public interface Reports {
        /** Whether policies have a status at all: where they are Cilium's own, they have none. */
        boolean wanted() throws IOException;

        void status(String policy, EgressPolicyObject.Status status) throws IOException;

        void event(EgressPolicyObject policy, PolicyEvent event) throws IOException;
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
        this.decisions = new DecidedPolicies(kube, tables, self);
        this.events = new PolicyEvents(reports);
    }

    /** The tables after whose changes a pass is due. */
    public List<Table<?, ?>> inputs() {
        return List.of(
                kube.egressPolicies(),
                kube.namespaces(),
                tables.pods(),
                tables.nodes(),
                tables.offered(),
                tables.reports());
    }

    public void pass() throws IOException {
        if (!elected.getAsBoolean()) {
            forget();
            return;
        }
        var policies = kube.egressPolicies().snapshot();
        boolean known =
                policies.initialized() && decisions.known() && kube.agents().initialized();
        if (!known || policies.size() == 0 || !areOurs()) {
            return;
        }
        var objects = policies.values().toList();
        shown.keySet().retainAll(policies.toMap().keySet());
        events.retain(objects);
        show(objects, statuses(objects));
    }

    /** Somebody else may write now, and what we remember grows old. */
    private void forget() {
        shown.clear();
        events = new PolicyEvents(reports);
    }

    private boolean areOurs() throws IOException {
        Instant now = clock.instant();
        if (!ours && now.isAfter(asked.plus(ASK_AGAIN))) {
            ours = reports.wanted();
            asked = now;
        }
        return ours;
    }

    private Map<String, PolicyStatus> statuses(List<EgressPolicyObject> objects) {
        var readings = objects.stream().map(EgressPolicyObject::reading).toList();
        var decided = decisions.now(readings);
        var generations =
                objects.stream().collect(Collectors.toMap(EgressPolicyObject::name, EgressPolicyObject::generation));
        return EgressStatusPlan.statuses(
                readings,
                decided.state(),
                decided.decisions(),
                ProgrammingPlan.programming(decided.concerned(), generations, heard()));
    }

    private List<MeshNodeObject> heard() {
        Instant now = clock.instant();
        return kube.agents()
                .snapshot()
                .values()
                .filter(agent -> agent.isFresh(now))
                .toList();
    }

    private void show(List<EgressPolicyObject> objects, Map<String, PolicyStatus> statuses) throws IOException {
        var failures = new ArrayList<IOException>();
        for (var object : objects) {
            try {
                show(object, statuses.get(object.name()));
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void show(EgressPolicyObject object, PolicyStatus status) throws IOException {
        var last = shown.get(object.name());
        boolean same = last != null && last.object().uid().equals(object.uid());
        var before = same ? last.status() : object.status();
        var now = new Shown(object, PolicyStatusPlan.status(object.generation(), status, before, clock.instant()));
        if (!now.isOnItsWay(last) && !now.status().equals(object.status())) {
            reports.status(object.name(), now.status());
        }
        shown.put(object.name(), now);
        events.tell(object, now.status());
    }
}

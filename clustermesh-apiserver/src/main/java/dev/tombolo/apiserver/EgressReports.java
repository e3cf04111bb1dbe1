package dev.tombolo.apiserver;

import dev.tombolo.apiserver.egress.EgressStatusController;
import dev.tombolo.apiserver.egress.PolicyEventPlan.PolicyEvent;
import dev.tombolo.apiserver.egress.PoolEventPlan.PoolEvent;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.write.KubeEvents;
import dev.tombolo.kube.write.KubeWrites;
import java.io.IOException;

/** What egress policies and pools have come to, as status and Events of their objects. */
record EgressReports(KubeWrites writes) implements EgressStatusController.Reports {
    @Override
    public boolean wanted() throws IOException {
        return writes.statuses().hasEgressPolicies();
    }

    @Override
    public void status(String policy, EgressPolicyObject.Status status) throws IOException {
        writes.statuses().egressPolicy(policy, status);
    }

    @Override
    public void poolStatus(String pool, EgressPoolObject.Status status) throws IOException {
        writes.statuses().egressPool(pool, status);
    }

    @Override
    public void event(EgressPolicyObject policy, PolicyEvent event) throws IOException {
        writes.events("clustermesh-apiserver")
                .record(
                        KubeEvents.Subject.egressPolicy(policy.name(), policy.uid()),
                        event.severity(),
                        event.reason(),
                        event.message());
    }

    @Override
    public void poolEvent(EgressPoolObject pool, PoolEvent event) throws IOException {
        writes.events("clustermesh-apiserver")
                .record(
                        KubeEvents.Subject.egressPool(pool.name(), pool.uid()),
                        event.severity(),
                        event.reason(),
                        event.message());
    }
}

package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.report.PolicyCondition.Type;
import dev.tombolo.kube.object.EgressPolicyObject;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells of each change of a policy once; what its object said before this process is known already. Used by one thread. */
final class PolicyEvents {
    private final EgressStatusController.Reports reports;
    private final Map<Which, Map<Type, String>> told = new HashMap<>();

    /** A policy that is deleted and made again is another one. */
    private record Which(String name, String uid) {
        static Which of(EgressPolicyObject policy) {
            return new Which(policy.name(), policy.uid());
        }
    }

    PolicyEvents(EgressStatusController.Reports reports) {
        this.reports = reports;
    }

    /** @param status that the policy's object is given; the object itself has the one before */
    void tell(EgressPolicyObject policy, EgressPolicyObject.Status status) throws IOException {
        var known = told.computeIfAbsent(
                Which.of(policy), _ -> PolicyEventPlan.known(policy.status().conditions()));
        for (var event : PolicyEventPlan.events(known, status)) {
            reports.event(policy, event);
            known.put(event.type(), event.news());
        }
    }

    void retain(Collection<EgressPolicyObject> policies) {
        told.keySet().retainAll(policies.stream().map(Which::of).collect(Collectors.toSet()));
    }
}

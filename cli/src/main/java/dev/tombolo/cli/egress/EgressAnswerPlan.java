package dev.tombolo.cli.egress;

import dev.tombolo.cli.egress.EgressAnswer.Remark;
import dev.tombolo.cli.egress.EgressAnswer.Report;
import dev.tombolo.cli.egress.EgressAnswer.Role;
import dev.tombolo.cli.output.Age;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.report.EgressExplanation;
import dev.tombolo.egress.report.EgressExplanation.Outcome;
import dev.tombolo.egress.report.EgressExplanationPlan;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicyReading;
import dev.tombolo.model.net.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** From what was read of a cluster to what happens to a pod's packets. */
final class EgressAnswerPlan {
    private final ObservedEgress seen;
    private final EgressPod pod;
    private final Instant now;

    private EgressAnswerPlan(ObservedEgress seen, EgressPod pod, Instant now) {
        this.seen = seen;
        this.pod = pod;
        this.now = now;
    }

    static EgressAnswer answer(ObservedEgress seen, EgressPod pod, IpAddress destination, Instant now) {
        return new EgressAnswerPlan(seen, pod, now).answer(destination);
    }

    private EgressAnswer answer(IpAddress destination) {
        var explanation = explanation(destination);
        var readings = seen.policies().stream().map(EgressPolicyObject::reading).toList();
        return new EgressAnswer(
                explanation,
                reports(explanation.outcome()),
                readings.stream()
                        .filter(reading -> reading.policy().isEmpty())
                        .map(reading -> new Remark(reading.name(), refusals(reading)))
                        .toList(),
                gatewaysOut(explanation.outcome()),
                unread(explanation.outcome(), readings));
    }

    private Optional<String> gatewaysOut(Outcome outcome) {
        var policy = switch (outcome) {
            case Outcome.ThroughGateway through -> through.policy();
            case Outcome.Dropped dropped -> dropped.policy();
            case Outcome.Excluded _, Outcome.NoPolicy _, Outcome.Internal _ -> "";
        };
        return seen.policies().stream()
                .filter(object -> object.name().equals(policy))
                .flatMap(object -> object.status().conditions().stream())
                .filter(condition -> condition.type().equals("GatewaysOut") && condition.holds())
                .map(Condition::message)
                .findFirst();
    }

    /** What is inside the mesh is not steered, so that no policy is considered for it. */
    private EgressExplanation explanation(IpAddress destination) {
        var inside = seen.internal().around(destination);
        if (inside.isPresent()) {
            var outcome =
                    new Outcome.Internal(inside.get().getKey(), inside.get().getValue());
            return new EgressExplanation(pod, destination, outcome, List.of());
        }
        var state = seen.state();
        return EgressExplanationPlan.explain(state, EgressPlan.decide(state), pod, destination);
    }

    private static String refusals(EgressPolicyReading reading) {
        return reading.refused().stream().map(Object::toString).collect(Collectors.joining("; "));
    }

    /** Packets that no policy is about are nobody's business. */
    private List<Report> reports(Outcome outcome) {
        return switch (outcome) {
            case Outcome.ThroughGateway through -> through(through);
            case Outcome.Dropped dropped -> List.of(report(Role.NODE, pod.node(), dropped.policy()));
            case Outcome.Excluded _, Outcome.NoPolicy _, Outcome.Internal _ -> List.of();
        };
    }

    /** A pod on the gateway itself goes no further. */
    private List<Report> through(Outcome.ThroughGateway through) {
        if (!through.gateway().cluster().equals(seen.self())) {
            // What its agent says, it says to its own cluster.
            return List.of(report(Role.NODE, pod.node(), through.policy()));
        }
        String gateway = through.gateway().name();
        var last = report(Role.GATEWAY, gateway, through.policy());
        return gateway.equals(pod.node())
                ? List.of(last)
                : List.of(report(Role.NODE, pod.node(), through.policy()), last);
    }

    private Report report(Role role, String node, String policy) {
        var agent = seen.agent(node);
        var problem = agent.isEmpty() ? Optional.of("has no agent that reports") : problem(agent.get(), policy);
        return new Report(role, node, problem.isEmpty(), problem.orElse("has policy " + policy + " in its data path"));
    }

    private Optional<String> problem(MeshNodeObject agent, String policy) {
        if (!agent.isFresh(now)) {
            return Optional.of("has not been heard of"
                    + agent.status()
                            .heartbeat()
                            .map(beat -> " for " + Age.of(beat, now))
                            .orElse(""));
        }
        return agent.egress(policy)
                .map(held -> problem(held, seen.version(policy)))
                .orElse(Optional.of("says nothing of policy " + policy));
    }

    private static Optional<String> problem(EgressProgrammed held, EgressPolicyObject.Version version) {
        if (held.generation() != version.generation()) {
            return Optional.of("has generation " + held.generation() + " of policy " + held.policy() + ", which is at "
                    + version.generation());
        }
        if (!held.isOf(version)) {
            return Optional.of("has policy " + held.policy() + " with other annotations than it has now");
        }
        return Optional.of(held.problem()).filter(text -> !text.isEmpty()).map(text -> "cannot do it: " + text);
    }

    /** A gateway that is not there may well be in a cluster that is not read. */
    private Optional<String> unread(Outcome outcome, List<EgressPolicyReading> readings) {
        return outcome instanceof Outcome.Dropped dropped
                ? readings.stream()
                        .flatMap(reading -> reading.policy().stream())
                        .filter(policy -> policy.name().equals(dropped.policy()))
                        .flatMap(policy -> policy.preferences().cluster().stream())
                        .filter(cluster -> !cluster.equals(seen.self()))
                        .map(ClusterName::value)
                        .findFirst()
                : Optional.empty();
    }
}

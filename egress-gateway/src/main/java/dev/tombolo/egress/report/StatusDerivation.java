package dev.tombolo.egress.report;

import dev.tombolo.egress.plan.GatewayChoice;
import dev.tombolo.egress.report.PolicyCondition.Truth;
import dev.tombolo.egress.report.PolicyCondition.Type;
import dev.tombolo.egress.report.PolicyStatus.Programming;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPolicyReading;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The status of one policy.
 *
 * @param unheld nodes whose pods start before their policies are known, each with the reason
 */
record StatusDerivation(
        EgressPolicyReading reading, PolicyFacts facts, Optional<Programming> reported, List<String> unheld) {
    private static final int SHOWN = 3;

    PolicyStatus status() {
        return reading.refused().isEmpty() ? inForce(reading.policy().orElseThrow()) : refused();
    }

    private PolicyStatus refused() {
        boolean dropping = reading.policy().isPresent();
        String problems = listed(reading.refused()) + (dropping ? "; packets are dropped" : "");
        return new PolicyStatus(
                reading.policy().map(facts::pods).orElse(0),
                List.of(),
                List.of(
                        PolicyCondition.of(Type.Programmed, false, "Invalid", problems),
                        PolicyCondition.of(Type.Invalid, true, "SpecRefused", problems),
                        PolicyCondition.of(
                                Type.NoGateway,
                                dropping,
                                "Invalid",
                                dropping ? "its gateways cannot be meant; packets are dropped" : ""),
                        ignored()));
    }

    private PolicyStatus inForce(EgressPolicy policy) {
        return new PolicyStatus(
                facts.pods(policy),
                facts.gateways(policy),
                List.of(
                        programmed(policy),
                        PolicyCondition.of(Type.Invalid, false, "SpecAccepted", ""),
                        conflict(policy),
                        noGateway(policy),
                        gatewaysOut(policy),
                        noMatch(policy),
                        ignored(),
                        noPodStartHook(),
                        saturated()));
    }

    private PolicyCondition programmed(EgressPolicy policy) {
        if (facts.isTaken(policy)) {
            return PolicyCondition.of(
                    Type.Programmed, false, "Conflict", "other policies decide at all of its destinations");
        }
        if (facts.drops(policy) || facts.nobodyAnswers(policy)) {
            var cause = noGateway(policy);
            return PolicyCondition.of(Type.Programmed, false, "NoGateway", cause.message());
        }
        if (facts.pods(policy) == 0) {
            return PolicyCondition.of(
                    Type.Programmed, true, "NoMatch", "no pod is selected, so there is nothing to do");
        }
        return reported.map(StatusDerivation::programmed)
                .orElse(new PolicyCondition(Type.Programmed, Truth.Unknown, "NotReported", "no node has reported yet"));
    }

    private static PolicyCondition programmed(Programming report) {
        String far = report.done() + " of " + report.nodes() + " nodes"
                + report.problem().map(problem -> "; " + problem).orElse("")
                + named("; nothing heard of ", report.silent())
                + named("; waiting for ", report.waiting());
        if (report.problem().isPresent()) {
            return PolicyCondition.of(Type.Programmed, false, "Failed", far);
        }
        if (!report.silent().isEmpty()) {
            return PolicyCondition.of(Type.Programmed, false, "NodesSilent", far);
        }
        boolean done = report.done() >= report.nodes();
        return PolicyCondition.of(Type.Programmed, done, done ? "InSync" : "Pending", far);
    }

    private static String named(String words, List<String> nodes) {
        String shown = nodes.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return nodes.isEmpty()
                ? ""
                : words + shown + (nodes.size() > SHOWN ? " and " + (nodes.size() - SHOWN) + " more" : "");
    }

    private PolicyCondition conflict(EgressPolicy policy) {
        var losses = facts.losses(policy);
        if (!losses.isEmpty()) {
            var lost = losses.stream()
                    .map(loss -> loss.destination() + " goes by policy " + loss.winner())
                    .toList();
            return PolicyCondition.of(
                    Type.Conflict, true, "SameDestination", listed(lost) + "; priority decides, then age, then name");
        }
        return facts.failures(policy).stream()
                .filter(failure -> failure.cause() == GatewayChoice.Cause.AddressElsewhere)
                .findFirst()
                .map(failure -> PolicyCondition.of(Type.Conflict, true, "AddressElsewhere", failure.message()))
                .orElse(PolicyCondition.of(Type.Conflict, false, "None", ""));
    }

    private PolicyCondition noGateway(EgressPolicy policy) {
        if (facts.isTaken(policy)) {
            return PolicyCondition.of(Type.NoGateway, false, "Conflict", "");
        }
        var failures = facts.failures(policy);
        String why = listed(failures.stream().map(GatewayChoice.None::message).toList());
        if (facts.drops(policy)) {
            String reason = failures.isEmpty()
                    ? GatewayChoice.Cause.FailoverOff.name()
                    : failures.getFirst().cause().name();
            String message = failures.isEmpty() ? "some gateways do not answer, and failover is off" : why;
            return PolicyCondition.of(Type.NoGateway, true, reason, message + "; packets are dropped");
        }
        if (facts.nobodyAnswers(policy)) {
            String message = "none of " + named(facts.out(policy)) + " answers; packets are sent there all the same";
            return PolicyCondition.of(Type.NoGateway, true, GatewayChoice.Cause.AllGatewaysDead.name(), message);
        }
        return failures.isEmpty()
                ? PolicyCondition.of(Type.NoGateway, false, "Serving", "")
                : PolicyCondition.of(Type.NoGateway, false, "OtherEntriesServe", why);
    }

    private PolicyCondition gatewaysOut(EgressPolicy policy) {
        var out = facts.out(policy);
        if (out.isEmpty()) {
            return PolicyCondition.of(Type.GatewaysOut, false, "AllAnswer", "");
        }
        String consequence = facts.nobodyAnswers(policy)
                ? "; as none is left, they keep their pods"
                : policy.preferences().failover()
                        ? "; others have their pods"
                        : "; their pods' packets are dropped, as failover is off";
        return PolicyCondition.of(
                Type.GatewaysOut,
                true,
                "NoAnswer",
                "most nodes that ask get no answer from " + named(out) + consequence);
    }

    private static String named(List<NodeId> nodes) {
        return listed(", ", nodes.stream().map(NodeId::name).toList());
    }

    private PolicyCondition noMatch(EgressPolicy policy) {
        return facts.pods(policy) == 0
                ? PolicyCondition.of(Type.NoMatch, true, "NoPod", "no pod with an address of its own is selected")
                : PolicyCondition.of(Type.NoMatch, false, "PodsSelected", "");
    }

    private PolicyCondition ignored() {
        return reading.ignored().isEmpty()
                ? PolicyCondition.of(Type.Ignored, false, "None", "")
                : PolicyCondition.of(Type.Ignored, true, "NoEffect", listed(reading.ignored()));
    }

    private PolicyCondition noPodStartHook() {
        return unheld.isEmpty()
                ? PolicyCondition.of(Type.NoPodStartHook, false, "None", "")
                : PolicyCondition.of(Type.NoPodStartHook, true, "CniNotChanged", listed(unheld));
    }

    private PolicyCondition saturated() {
        var said = reported.map(Programming::saturated).orElse(List.of());
        return said.isEmpty()
                ? PolicyCondition.of(Type.Saturated, false, "RoomLeft", "")
                : PolicyCondition.of(Type.Saturated, true, "NearlyExhausted", listed(said));
    }

    /** The first few; a status has to stay small. */
    private static String listed(Collection<?> problems) {
        return listed("; ", problems);
    }

    private static String listed(String separator, Collection<?> all) {
        String shown = all.stream().limit(SHOWN).map(Object::toString).collect(Collectors.joining(separator));
        return all.size() > SHOWN ? shown + separator + "and " + (all.size() - SHOWN) + " more" : shown;
    }
}

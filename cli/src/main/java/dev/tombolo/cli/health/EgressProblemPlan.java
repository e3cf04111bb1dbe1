package dev.tombolo.cli.health;

import dev.tombolo.cli.egress.PolicyRow;
import dev.tombolo.cli.health.Health.Problem;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.object.MeshNodeObject;
import java.util.List;
import java.util.Optional;

/** What is wrong with egress policies: what nodes say of them, and else what their status says. Pure. */
final class EgressProblemPlan {
    private EgressProblemPlan() {}

    /** @param heard the nodes that have been heard of lately: what others said last is no news */
    static List<Problem> of(List<PolicyRow> policies, List<MeshNodeObject> heard) {
        return policies.stream()
                .flatMap(row ->
                        reported(row, heard)
                                .or(() -> row.isFine() ? Optional.empty() : Optional.of(shown(row)))
                                .stream())
                .distinct()
                .toList();
    }

    /** The first node's problem; what the others say is in their MeshNode objects. */
    private static Optional<Problem> reported(PolicyRow row, List<MeshNodeObject> heard) {
        String policy = row.policy().name();
        var nodes = heard.stream()
                .filter(node -> node.egress(policy)
                        .filter(held -> !held.problem().isEmpty())
                        .isPresent())
                .toList();
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        var first = nodes.getFirst();
        String more = nodes.size() == 1 ? "" : " and " + (nodes.size() - 1) + " more";
        return first.egress(policy)
                .map(held -> new Problem(
                        "egress policy " + policy + " on node " + first.name() + more + ": " + held.problem(),
                        nodeFix(held.problem(), first.name())));
    }

    private static String nodeFix(String problem, String node) {
        if (problem.startsWith("CarrierMissing")) {
            return "kubectl -n " + Manifests.NAMESPACE + " get pods -l app=" + Manifests.TUNNEL
                    + " -o wide, and look at this node's logs";
        }
        return problem.startsWith("IPNotFound")
                ? "tombolo egress list shows what becomes of the policy; nothing leaves until a gateway has the address"
                : "kubectl describe meshnode " + node + ", and look at its agent's log";
    }

    private static Problem shown(PolicyRow row) {
        var programmed = row.programmed();
        if (programmed.reason().equals(PolicyRow.STALE)) {
            // One cause for all of them, said once.
            return new Problem(
                    "egress policies: " + programmed.message(),
                    "what was programmed stays in force; kubectl get ciliumegressgatewaypolicies shows what was said last");
        }
        return new Problem(
                "egress policy " + row.policy().name() + " is not programmed: " + programmed.reason() + ", "
                        + row.message(),
                fix(programmed.reason(), row.policy().name()));
    }

    private static String fix(String reason, String policy) {
        String described = "kubectl describe ciliumegressgatewaypolicy " + policy;
        return switch (reason) {
            case "Invalid" -> "correct the policy: " + described;
            case "NoGateway" -> "label a node that can be its gateway, or mend those that do not answer: " + described;
            case "Conflict" -> "give the policy other destinations, or a higher egress.tombolo.dev/priority";
            case "Pending", "NotReported" ->
                "agents do within seconds; look at those of its nodes if it stays: " + described;
            default -> described;
        };
    }
}

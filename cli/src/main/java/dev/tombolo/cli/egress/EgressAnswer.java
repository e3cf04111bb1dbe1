package dev.tombolo.cli.egress;

import dev.tombolo.egress.report.EgressExplanation;
import dev.tombolo.egress.report.EgressExplanation.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * What happens to a pod's packets to a destination, as far as Kubernetes shows it.
 *
 * @param reports what the nodes say that would have to do it
 * @param notInForce policies of which it is not clear whom they name, and why
 * @param gatewaysOut which gateways of the policy that decides are left out, and why
 * @param unread the cluster whose nodes are the gateways of the policy that decides; they are not read
 */
record EgressAnswer(
        EgressExplanation explanation,
        List<Report> reports,
        List<Remark> notInForce,
        Optional<String> gatewaysOut,
        Optional<String> unread) {
    EgressAnswer {
        reports = List.copyOf(reports);
        notInForce = List.copyOf(notInForce);
    }

    /** What a node says of the policy that decides. */
    record Report(Role role, String node, boolean done, String says) {}

    /** What a node has to do. */
    enum Role {
        NODE,
        GATEWAY
    }

    /** Something about a policy. */
    record Remark(String policy, String why) {}

    /** Whether the nodes do what the policies say. */
    boolean inPlace() {
        return reports.stream().allMatch(Report::done);
    }

    /** Whether the packets get out as somebody wanted it. */
    boolean isFine() {
        return switch (explanation.outcome()) {
            case Outcome.ThroughGateway _ -> inPlace();
            case Outcome.Dropped _ -> false;
            case Outcome.Excluded _, Outcome.NoPolicy _, Outcome.Internal _ -> true;
        };
    }
}

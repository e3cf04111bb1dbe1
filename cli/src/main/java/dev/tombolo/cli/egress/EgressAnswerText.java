package dev.tombolo.cli.egress;

import dev.tombolo.egress.report.EgressExplanation.Considered;
import dev.tombolo.egress.report.EgressExplanation.Outcome;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.reconciler.table.Columns;

/** What happens to a pod's packets, the answer first. */
final class EgressAnswerText {
    private static final Columns<Considered> CONSIDERED = Columns.<Considered>none()
            .with("Policy", Considered::policy)
            .with("Decides", row -> row.decides() ? "yes" : "no")
            .with("Why", Considered::why);

    private EgressAnswerText() {}

    static String of(EgressAnswer answer) {
        var explanation = answer.explanation();
        var text = new StringBuilder(mark(answer))
                .append(" Packets of ")
                .append(explanation.pod().fullName())
                .append(" to ")
                .append(explanation.destination())
                .append(' ')
                .append(outcome(answer))
                .append('\n');
        facts(answer, text);
        if (!explanation.considered().isEmpty()) {
            text.append("\nPolicies that select the pod, by rank:\n").append(CONSIDERED.text(explanation.considered()));
        }
        remarks(answer, text);
        return text.toString();
    }

    private static String mark(EgressAnswer answer) {
        return switch (answer.explanation().outcome()) {
            case Outcome.ThroughGateway _ -> answer.inPlace() ? "✅" : "⚠️ ";
            case Outcome.Dropped _ -> answer.unread().isPresent() ? "❔" : "❌";
            case Outcome.Excluded _, Outcome.NoPolicy _, Outcome.Internal _ -> "➖";
        };
    }

    private static String outcome(EgressAnswer answer) {
        return switch (answer.explanation().outcome()) {
            case Outcome.ThroughGateway through ->
                (answer.inPlace() ? "leave through gateway " : "should leave through gateway ")
                        + through.gateway().name() + ", seen outside as " + seenAs(through);
            case Outcome.Dropped dropped ->
                answer.unread()
                        .map(cluster -> "are for a gateway in cluster " + cluster + ", whose nodes are not read here")
                        .orElse("are dropped: " + dropped.why());
            case Outcome.Excluded excluded ->
                "leave as if there were no policy: " + excluded.policy() + " excludes the destination";
            case Outcome.Internal(var range, var what) ->
                "leave as if there were no policy: " + range + " is " + what
                        + ", and what stays inside the mesh is never steered";
            case Outcome.NoPolicy none -> "leave as if there were no policy: " + none.why();
        };
    }

    private static String seenAs(Outcome.ThroughGateway through) {
        return switch (through.address()) {
            case EgressAddress.Fixed fixed -> fixed.toString();
            case EgressAddress.OfPool pool -> "an address of " + pool;
            case EgressAddress.OfInterface(var device) -> "the first address of its device " + device;
            case EgressAddress.OfDefaultRoute _ -> "the first address of its default route's device";
        };
    }

    private static void facts(EgressAnswer answer, StringBuilder text) {
        switch (answer.explanation().outcome()) {
            case Outcome.ThroughGateway through -> {
                fact(text, "Policy", through.policy() + ", for destinations in " + through.destination());
                fact(text, "Gateway", through.gateway() + ", for slot " + through.slot() + " of 64");
            }
            case Outcome.Dropped dropped ->
                fact(text, "Policy", dropped.policy() + ", for destinations in " + dropped.destination());
            case Outcome.Excluded _, Outcome.NoPolicy _, Outcome.Internal _ -> {}
        }
        answer.gatewaysOut().ifPresent(which -> fact(text, "Left out", which));
        answer.reports().forEach(report -> fact(text, "Reported", report.node() + " " + report.says()));
    }

    private static void fact(StringBuilder text, String title, String what) {
        text.append("%-10s%s%n".formatted(title, what));
    }

    private static void remarks(EgressAnswer answer, StringBuilder text) {
        answer.notInForce()
                .forEach(remark -> text.append("\nPolicy ")
                        .append(remark.policy())
                        .append(" is not in force: ")
                        .append(remark.why())
                        .append('\n'));
    }
}

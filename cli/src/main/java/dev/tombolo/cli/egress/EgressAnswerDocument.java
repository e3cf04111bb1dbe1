package dev.tombolo.cli.egress;

import dev.tombolo.cli.egress.EgressAnswer.Remark;
import dev.tombolo.cli.egress.EgressAnswer.Report;
import dev.tombolo.egress.report.EgressExplanation.Considered;
import dev.tombolo.egress.report.EgressExplanation.Outcome;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What happens to a pod's packets, for programs. */
final class EgressAnswerDocument {
    private EgressAnswerDocument() {}

    static Map<String, Object> of(EgressAnswer answer) {
        var explanation = answer.explanation();
        var document = new LinkedHashMap<String, Object>();
        document.put("pod", explanation.pod().fullName());
        document.put("node", explanation.pod().node());
        document.put("destination", explanation.destination());
        outcome(answer, document);
        answer.gatewaysOut().ifPresent(which -> document.put("gateways_out", which));
        document.put("in_place", answer.inPlace());
        document.put(
                "reports",
                answer.reports().stream().map(EgressAnswerDocument::report).toList());
        document.put(
                "considered",
                explanation.considered().stream()
                        .map(EgressAnswerDocument::considered)
                        .toList());
        document.put(
                "not_in_force",
                answer.notInForce().stream().map(EgressAnswerDocument::remark).toList());
        return document;
    }

    private static void outcome(EgressAnswer answer, Map<String, Object> document) {
        switch (answer.explanation().outcome()) {
            case Outcome.ThroughGateway through -> {
                policy(document, "gateway", through.policy(), through.destination());
                document.put("gateway", through.gateway().name());
                document.put("gateway_cluster", through.gateway().cluster());
                document.put("egress_ip", through.address());
                document.put("slot", through.slot());
            }
            case Outcome.Dropped dropped -> {
                boolean unread = answer.unread().isPresent();
                policy(document, unread ? "unknown" : "dropped", dropped.policy(), dropped.destination());
                answer.unread().ifPresent(cluster -> document.put("gateway_cluster", cluster));
                document.put("why", unread ? "the nodes of the gateways' cluster are not read" : dropped.why());
            }
            case Outcome.Excluded excluded -> policy(document, "excluded", excluded.policy(), excluded.destination());
            case Outcome.Internal(var range, var what) -> {
                document.put("outcome", "internal");
                document.put("range", range);
                document.put("why", what);
            }
            case Outcome.NoPolicy none -> {
                document.put("outcome", "no_policy");
                document.put("why", none.why());
            }
        }
    }

    private static void policy(Map<String, Object> document, String outcome, String policy, Object range) {
        document.put("outcome", outcome);
        document.put("policy", policy);
        document.put("range", range);
    }

    private static Map<String, Object> report(Report report) {
        var document = new LinkedHashMap<String, Object>();
        document.put("node", report.node());
        document.put("role", report.role().name().toLowerCase(Locale.ROOT));
        document.put("done", report.done());
        document.put("says", report.says());
        return document;
    }

    private static Map<String, Object> considered(Considered considered) {
        var document = new LinkedHashMap<String, Object>();
        document.put("policy", considered.policy());
        document.put("decides", considered.decides());
        document.put("why", considered.why());
        return document;
    }

    private static Map<String, Object> remark(Remark remark) {
        var document = new LinkedHashMap<String, Object>();
        document.put("policy", remark.policy());
        document.put("why", remark.why());
        return document;
    }
}

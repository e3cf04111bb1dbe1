package dev.tombolo.cli.service;

import dev.tombolo.cli.service.ServiceExplanation.Outcome;
import dev.tombolo.cli.service.ServiceExplanation.Way;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What becomes of new connections, for programs. */
final class ServiceExplanationDocument {
    private ServiceExplanationDocument() {}

    static Map<String, Object> of(ServiceExplanation explanation) {
        var service = explanation.service();
        var document = new LinkedHashMap<String, Object>();
        document.put("from", explanation.client().words());
        document.put("to", service.name().toString());
        document.put("node", service.node());
        document.put("served", explanation.isServed());
        document.put("unserved", service.unserved().isEmpty() ? null : service.unserved());
        document.put(
                "ways",
                explanation.ways().stream().map(ServiceExplanationDocument::way).toList());
        return document;
    }

    private static Map<String, Object> way(Way way) {
        var document = ServiceDocument.head(way.frontend());
        var outcome = way.outcome();
        document.put("outcome", word(outcome));
        document.put("says", ServiceExplanationText.outcome(outcome));
        if (outcome instanceof Outcome.Served served && !served.order().isEmpty()) {
            document.put(
                    "order",
                    served.order().stream()
                            .map(backend -> backend.endpoint().toString())
                            .toList());
        }
        document.put("candidates", outcome instanceof Outcome.Served served ? candidates(served) : List.of());
        document.put(
                "backends",
                way.frontend().backends().stream()
                        .map(backend -> ServiceDocument.backend(backend, way.frontend()))
                        .toList());
        return document;
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Served _ -> "served";
            case Outcome.Refused _ -> "refused";
            case Outcome.Dropped _ -> "dropped";
            case Outcome.NotServed _ -> "not_served";
        };
    }

    private static List<Map<String, Object>> candidates(Outcome.Served served) {
        return served.successors().stream()
                .map(successors -> {
                    var at = served.successors().indexOf(successors);
                    var candidate = new LinkedHashMap<String, Object>();
                    candidate.put("backend", successors.of().endpoint().toString());
                    candidate.put("share", served.candidates().get(at).share());
                    candidate.put(
                            "if_it_left",
                            successors.backends().stream()
                                    .map(backend -> backend.endpoint().toString())
                                    .toList());
                    return (Map<String, Object>) candidate;
                })
                .toList();
    }
}

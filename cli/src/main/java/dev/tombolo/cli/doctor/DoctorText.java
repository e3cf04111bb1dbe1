package dev.tombolo.cli.doctor;

import dev.tombolo.cli.output.Age;
import dev.tombolo.cli.output.Plural;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.reconciler.table.Columns;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The answer first, then a line for each leg, then cause and fix of those that do not hold. */
final class DoctorText {
    private static final Columns<Finding> COLUMNS = Columns.<Finding>none()
            .with("", finding -> sign(finding.leg().state()))
            .with("Node", Finding::where)
            .with("Leg", finding -> finding.leg().leg())
            .with("Of", finding -> finding.leg().of())
            .with("Read", finding -> finding.leg().read());

    private DoctorText() {}

    static String of(Diagnosis diagnosis, Instant now) {
        var text = new StringBuilder(answer(diagnosis)).append('\n');
        if (!diagnosis.findings().isEmpty()) {
            text.append('\n').append(COLUMNS.text(diagnosis.findings()));
        }
        diagnosis.in(State.Broken).forEach(finding -> explain(finding, text));
        diagnosis.in(State.Unknown).forEach(finding -> explain(finding, text));
        diagnosis.elsewhere().forEach(note -> text.append('\n').append(note).append('\n'));
        diagnosis
                .oldest()
                .ifPresent(when -> text.append("\nThe oldest of these facts was told ")
                        .append(Age.of(when, now))
                        .append(" ago\n"));
        return text.toString();
    }

    private static String answer(Diagnosis diagnosis) {
        var broken = diagnosis.in(State.Broken);
        var unknown = diagnosis.in(State.Unknown);
        String alsoUnknown = unknown.isEmpty() ? "" : "; " + Plural.of(unknown.size(), "leg") + " unknown";
        if (!broken.isEmpty()) {
            return "❌ " + Plural.of(broken.size(), "leg") + (broken.size() == 1 ? " is" : " are") + " broken: "
                    + broken.stream().map(Finding::title).collect(Collectors.joining("; ")) + alsoUnknown;
        }
        if (!unknown.isEmpty()) {
            return "❓ " + Plural.of(unknown.size(), "leg") + (unknown.size() == 1 ? " is" : " are") + " unknown: "
                    + unknown.stream().map(Finding::title).collect(Collectors.joining("; "));
        }
        return diagnosis.findings().isEmpty()
                ? "✅ There is no leg to look at"
                : "✅ All legs hold (" + diagnosis.findings().size() + ")";
    }

    private static String sign(State state) {
        return switch (state) {
            case Holds -> "✔";
            case Broken -> "✘";
            case Unknown -> "?";
        };
    }

    private static void explain(Finding finding, StringBuilder text) {
        Leg leg = finding.leg();
        text.append('\n').append(finding.is(State.Broken) ? "❌ " : "❓ ").append(finding.title());
        if (!leg.policies().isEmpty()) {
            text.append(" (policy ").append(String.join(", ", leg.policies())).append(')');
        }
        text.append("\n   read      ").append(leg.read());
        text.append("\n   expected  ").append(leg.expected());
        text.append("\n   cause     ").append(leg.cause());
        text.append("\n   💡 ").append(leg.fix()).append('\n');
    }

    static Map<String, Object> document(Diagnosis diagnosis) {
        var document = new LinkedHashMap<String, Object>();
        document.put("healthy", diagnosis.isFine());
        document.put("broken", diagnosis.in(State.Broken).size());
        document.put("unknown", diagnosis.in(State.Unknown).size());
        document.put("oldest", diagnosis.oldest().map(Instant::toString).orElse(null));
        document.put(
                "legs", diagnosis.findings().stream().map(DoctorText::document).toList());
        document.put("elsewhere", diagnosis.elsewhere());
        return document;
    }

    private static Map<String, Object> document(Finding finding) {
        Leg leg = finding.leg();
        var document = new LinkedHashMap<String, Object>();
        document.put("state", leg.state().toString().toLowerCase(Locale.ROOT));
        document.put("node", finding.where().isEmpty() ? null : finding.where());
        document.put("leg", leg.leg());
        document.put("of", leg.of());
        document.put("policies", leg.policies());
        document.put("read", leg.read());
        document.put("expected", leg.expected());
        document.put("cause", leg.cause());
        document.put("fix", leg.fix());
        document.put("seen", finding.seen().map(Instant::toString).orElse(null));
        return document;
    }
}

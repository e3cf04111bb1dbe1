package dev.tombolo.cli.service;

import dev.tombolo.cli.output.Plural;
import dev.tombolo.cli.service.ServiceExplanation.Outcome;
import dev.tombolo.cli.service.ServiceExplanation.Share;
import dev.tombolo.cli.service.ServiceExplanation.Successors;
import dev.tombolo.cli.service.ServiceExplanation.Way;
import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.BackendView.State;
import dev.tombolo.reconciler.table.Columns;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What becomes of new connections, the answer first. */
final class ServiceExplanationText {
    /** A backend, what it gets, and who would get it in its place. */
    private record Row(BackendView backend, String share, String then) {}

    private static final Columns<Row> BACKENDS = Columns.<Row>none()
            .with("Backend", row -> row.backend().endpoint())
            .with("Cluster", row -> row.backend().cluster())
            .with("Node", row -> row.backend().node())
            .with("Zone", row -> row.backend().zone())
            .with("State", row -> row.backend().state().words())
            .with("Share", Row::share)
            .with("Why not", row -> row.share().isEmpty() ? row.backend().why() : "")
            .with("If it left", Row::then);

    private ServiceExplanationText() {}

    static String of(ServiceExplanation explanation) {
        var service = explanation.service();
        var text = new StringBuilder(mark(explanation))
                .append(" New connections of ")
                .append(explanation.client().words())
                .append(" to ")
                .append(service.name())
                .append(answer(explanation))
                .append(", as node ")
                .append(service.node())
                .append(" says\n");
        if (!service.unserved().isEmpty()) {
            text.append("\nNot served by Tombolo: ").append(service.unserved()).append('\n');
        }
        explanation.ways().forEach(way -> way(way, text));
        return text.append(afterwards(explanation)).toString();
    }

    private static String mark(ServiceExplanation explanation) {
        return explanation.isLeftToOthers() ? "➖" : explanation.isServed() ? "✅" : "❌";
    }

    private static String answer(ServiceExplanation explanation) {
        if (explanation.isLeftToOthers()) {
            return " are left to others";
        }
        return explanation.isServed() ? " get a backend" : " get no backend";
    }

    private static void way(Way way, StringBuilder text) {
        var frontend = way.frontend();
        text.append("\nAt ")
                .append(ServiceText.name(frontend))
                .append(" (")
                .append(frontend.kind().words())
                .append("): ")
                .append(outcome(way.outcome()))
                .append('\n');
        var rows = rows(way);
        if (!rows.isEmpty() && !(way.outcome() instanceof Outcome.NotServed)) {
            text.append(BACKENDS.text(rows));
        }
    }

    static String outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Served served ->
                served.candidates().size() == 1
                        ? "the one active backend"
                        : "one of " + Plural.of(served.candidates().size(), "active backend") + ", "
                                + served.choice().words() + order(served.order());
            case Outcome.Refused(var why) -> "refused, since " + why;
            case Outcome.Dropped(var why) -> "dropped, since " + why;
            case Outcome.NotServed(var why) -> "not served, since " + why;
        };
    }

    private static String order(List<BackendView> order) {
        return order.isEmpty()
                ? ""
                : "; this one gets " + order.getFirst().endpoint() + ", or if that left "
                        + order.get(1).endpoint();
    }

    /** Those that get something, and then the others with the reason. */
    private static List<Row> rows(Way way) {
        var given = way.outcome() instanceof Outcome.Served served
                ? Stream.iterate(0, at -> at < served.candidates().size(), at -> at + 1)
                        .map(at -> row(
                                served.candidates().get(at), served.successors().get(at)))
                : Stream.<Row>empty();
        var others = way.frontend().backends().stream()
                .filter(backend -> backend.state() != State.ACTIVE)
                .map(backend -> new Row(backend, "", ""));
        return Stream.concat(given, others).toList();
    }

    private static Row row(Share share, Successors successors) {
        return new Row(share.backend(), percent(share.share()), then(successors));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100).replace(".0 %", " %");
    }

    private static String then(Successors successors) {
        var next = successors.backends();
        if (next.isEmpty()) {
            return "refused";
        }
        String who = next.size() > 3
                ? "one of " + next.size() + " others"
                : next.stream().map(backend -> backend.endpoint().toString()).collect(Collectors.joining(" or "));
        return successors.why().isEmpty() ? who : who + ": " + successors.why();
    }

    /** What happens to connections that exist, which no table says. */
    private static String afterwards(ServiceExplanation explanation) {
        if (!explanation.isServed()) {
            return "";
        }
        return "\nA TCP connection ends with its backend, and the client connects anew. "
                + switch (explanation.client()) {
                    case Client.Inside _ ->
                        "A connected UDP socket gets an error, and its next connect another backend.\n";
                    case Client.Outside _ ->
                        "Datagrams go on to another backend. Connections of other backends stay where they are.\n";
                };
    }
}

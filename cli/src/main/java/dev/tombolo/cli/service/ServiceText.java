package dev.tombolo.cli.service;

import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.BackendView.State;
import dev.tombolo.model.service.view.FrontendView;
import dev.tombolo.model.service.view.ServiceView;
import dev.tombolo.reconciler.table.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** A service as one node serves it. */
final class ServiceText {
    private static final Columns<FrontendView> FRONTENDS = Columns.<FrontendView>none()
            .with("Frontend", ServiceText::name)
            .with("Port", FrontendView::port)
            .with("Kind", frontend -> frontend.kind().words())
            .with("Serves", frontend -> frontend.audience().words())
            .with("Affinity", frontend -> frontend.audience().byClient() ? "by client" : "")
            .with("Backends", frontend -> frontend.in(State.ACTIVE).size())
            .with("Problem", FrontendView::problem);

    /** A backend with its connections by all frontends that it is shown for. */
    private record Row(BackendView backend, String share, String connections) {}

    private static final Columns<Row> BACKENDS = Columns.<Row>none()
            .with("Backend", row -> row.backend().endpoint())
            .with("Cluster", row -> row.backend().cluster())
            .with("Node", row -> row.backend().node())
            .with("Zone", row -> row.backend().zone())
            .with("State", row -> row.backend().state().words())
            .with("Share", Row::share)
            .with("Connections", Row::connections)
            .with("Why", row -> row.backend().why());

    private ServiceText() {}

    static String of(ServiceView view) {
        var text = new StringBuilder("Service " + view.name() + ", as node " + view.node() + " of cluster "
                + view.cluster() + " serves it: " + part(view) + "\n");
        if (!view.unserved().isEmpty()) {
            return text.append("\nNot served by Tombolo: ")
                    .append(view.unserved())
                    .append('\n')
                    .toString();
        }
        text.append('\n').append(FRONTENDS.text(view.frontends()));
        alike(view.frontends()).forEach(group -> text.append('\n').append(backends(group)));
        return text.toString();
    }

    private static String part(ServiceView view) {
        return view.global()
                ? "global, " + (view.shared() ? "shared" : "not shared") + ", affinity "
                        + ServiceDocument.word(view.affinity())
                : "not global";
    }

    static String name(FrontendView frontend) {
        return frontend.endpoint() + "/" + frontend.protocol();
    }

    static String names(List<FrontendView> frontends) {
        return frontends.stream().map(ServiceText::name).collect(Collectors.joining(", "));
    }

    /** Those that have the same backends in the same states: shown once. */
    private static List<List<FrontendView>> alike(List<FrontendView> frontends) {
        var groups = new LinkedHashMap<List<?>, List<FrontendView>>();
        for (var frontend : frontends) {
            var key = frontend.backends().stream()
                    .map(backend -> List.of(backend.endpoint(), backend.state(), backend.why(), backend.weight()))
                    .toList();
            groups.computeIfAbsent(List.of(frontend.port(), key), _ -> new ArrayList<>())
                    .add(frontend);
        }
        return List.copyOf(groups.values());
    }

    private static String backends(List<FrontendView> group) {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < group.getFirst().backends().size(); i++) {
            var backend = group.getFirst().backends().get(i);
            String share = backend.weight() == 0
                    ? ""
                    : ServiceExplanationText.percent(group.getFirst().share(backend));
            rows.add(new Row(backend, share, connections(group, i)));
        }
        return rows.isEmpty()
                ? "No backends of " + names(group) + "\n"
                : "Backends of " + names(group) + ":\n" + BACKENDS.text(rows);
    }

    /** Of clients outside; connections from inside are made by the sockets themselves. */
    private static String connections(List<FrontendView> group, int backend) {
        var outside =
                group.stream().filter(frontend -> frontend.audience().packets()).toList();
        return outside.isEmpty()
                ? ""
                : Integer.toString(outside.stream()
                        .mapToInt(frontend -> frontend.backends().get(backend).connections())
                        .sum());
    }
}

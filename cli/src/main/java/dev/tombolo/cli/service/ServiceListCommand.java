package dev.tombolo.cli.service;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.Installation;
import dev.tombolo.cli.listing.Listing;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.reconciler.table.Columns;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the services of this cluster that Tombolo serves: the global ones, or all with "
                + "kube-proxy-replacement; and those with an annotation that is not understood.",
        footerHeading = "%nExamples:%n",
        footer = {"  tombolo service list", "  tombolo service list -n shop -o yaml"})
final class ServiceListCommand implements Callable<Integer> {
    private static final Columns<ServiceRow> COLUMNS = Columns.<ServiceRow>none()
            .with("Namespace", row -> row.service().key().namespace())
            .with("Name", row -> row.service().key().name())
            .with("Address", ServiceRow::address)
            .with("Outside", row -> String.join(",", row.outside()))
            .with("Global", row -> row.annotations().global())
            .with("Shared", row -> row.annotations().shared())
            .with("Affinity", row -> row.annotations().affinity().name().toLowerCase(Locale.ROOT))
            .with("Namespace global", ServiceRow::namespaceGlobal)
            .with("Local backends", ServiceRow::localBackends)
            .with("Refused", row -> String.join("; ", row.refused()));

    private final Session session;

    ServiceListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            var backends = backends(api.reads().endpointSlices());
            var settings = Installation.settings(api).orElse(Map.of());
            var served = setting(settings, ServedServices.SETTING, ServedServices::tryParse, ServedServices.DEFAULT);
            var namespaces = globalNamespaces(api, settings);
            var rows = api.reads().services().stream()
                    .map(service -> ServiceRow.of(service, served, namespaces, backends))
                    .filter(row -> row.served() || !row.refused().isEmpty())
                    .filter(row -> session.namespace()
                            .filter(n -> !n.equals(row.service().key().namespace()))
                            .isEmpty())
                    .toList();
            if (rows.isEmpty() && session.format() == OutputFormat.TABLE) {
                session.console().hint("no global service; annotate one with service.cilium.io/global: \"true\"");
            }
            new Listing<>(COLUMNS, ServiceRow::document).show(session, rows);
        }
        return 0;
    }

    private static Map<ObjectKey, Integer> backends(List<KubeEndpointSlice> slices) {
        var count = new HashMap<ObjectKey, Integer>();
        for (KubeEndpointSlice slice : slices) {
            int ready = (int) slice.endpoints().stream()
                    .filter(endpoint -> endpoint.ready())
                    .count();
            count.merge(slice.service(), ready, Integer::sum);
        }
        return count;
    }

    /** Those that take part by what they say, or else by what is installed. */
    private static Set<String> globalNamespaces(KubeApi api, Map<String, String> settings) throws IOException {
        var rule = setting(settings, GlobalNamespaces.SETTING, GlobalNamespaces::tryParse, GlobalNamespaces.DEFAULT);
        return api.reads().namespaces().stream()
                .filter(namespace -> rule.include(Optional.of(namespace.annotations())))
                .map(KubeNamespace::name)
                .collect(Collectors.toSet());
    }

    private static <T> T setting(
            Map<String, String> settings, String key, Function<String, Optional<T>> reading, T absent) {
        return Optional.ofNullable(settings.get(key)).flatMap(reading).orElse(absent);
    }
}

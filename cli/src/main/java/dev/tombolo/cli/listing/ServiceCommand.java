package dev.tombolo.cli.listing;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.Installation;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Columns;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "service",
        description = "The services that this cluster shares or uses.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ServiceCommand.List.class)
public final class ServiceCommand {
    /**
     * A global service as it is declared here.
     *
     * @param namespaceGlobal whether its namespace takes part in the mesh: without that the service does not
     */
    record Row(
            ObjectKey key,
            String address,
            ServiceAnnotations annotations,
            boolean namespaceGlobal,
            int localBackends) {}

    private static final Columns<Row> COLUMNS = Columns.<Row>none()
            .with("Namespace", row -> row.key().namespace())
            .with("Name", row -> row.key().name())
            .with("Address", Row::address)
            .with("Shared", row -> row.annotations().shared())
            .with("Affinity", row -> row.annotations().affinity().name().toLowerCase(Locale.ROOT))
            .with("Namespace global", Row::namespaceGlobal)
            .with("Local backends", Row::localBackends)
            .with(
                    "Refused annotations",
                    row -> row.annotations().invalid().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining("; ")));

    @Command(
            name = "list",
            description = "List the global services of this cluster.",
            footerHeading = "%nExamples:%n",
            footer = {"  tombolo service list", "  tombolo service list -n shop -o yaml"})
    static final class List implements Callable<Integer> {
        private final Session session;

        List(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            try (KubeApi api = session.cluster()) {
                var backends = backends(api.reads().endpointSlices());
                var namespaces = globalNamespaces(api);
                var rows = api.reads().services().stream()
                        .map(service -> row(service, namespaces, backends))
                        .filter(row -> row.annotations().global()
                                || !row.annotations().invalid().isEmpty())
                        .filter(row -> session.namespace()
                                .filter(n -> !n.equals(row.key().namespace()))
                                .isEmpty())
                        .toList();
                if (rows.isEmpty() && session.format() == OutputFormat.TABLE) {
                    session.console().hint("no global service; annotate one with service.cilium.io/global: \"true\"");
                }
                new Listing<>(COLUMNS, List::document).show(session, rows);
            }
            return 0;
        }

        private static Map<ObjectKey, Integer> backends(java.util.List<KubeEndpointSlice> slices) {
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
        private static Set<String> globalNamespaces(KubeApi api) throws IOException {
            var rule = Installation.settings(api)
                    .flatMap(settings -> Optional.ofNullable(settings.get(GlobalNamespaces.SETTING)))
                    .flatMap(GlobalNamespaces::tryParse)
                    .orElse(GlobalNamespaces.DEFAULT);
            return api.reads().namespaces().stream()
                    .filter(namespace -> rule.include(Optional.of(namespace.annotations())))
                    .map(KubeNamespace::name)
                    .collect(Collectors.toSet());
        }

        private static Row row(KubeService service, Set<String> namespaces, Map<ObjectKey, Integer> backends) {
            var name = new ServiceName(service.key().namespace(), service.key().name());
            String address = service.clusterIps().stream()
                    .findFirst()
                    .map(Object::toString)
                    .orElse("");
            return new Row(
                    service.key(),
                    address,
                    ServiceAnnotations.parse(name, service.annotations()),
                    namespaces.contains(name.namespace()),
                    backends.getOrDefault(service.key(), 0));
        }

        private static Map<String, Object> document(Row row) {
            var document = new LinkedHashMap<String, Object>();
            document.put("namespace", row.key().namespace());
            document.put("name", row.key().name());
            document.put("address", row.address());
            document.put("shared", row.annotations().shared());
            document.put("affinity", row.annotations().affinity().name().toLowerCase(Locale.ROOT));
            document.put("namespace_global", row.namespaceGlobal());
            document.put("local_backends", row.localBackends());
            document.put(
                    "refused",
                    row.annotations().invalid().stream().map(Object::toString).toList());
            return document;
        }
    }
}

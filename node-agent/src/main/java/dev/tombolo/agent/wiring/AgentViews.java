package dev.tombolo.agent.wiring;

import dev.tombolo.agent.api.Flows;
import dev.tombolo.agent.api.Views;
import dev.tombolo.agent.mesh.RemotePrefix;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.agent.service.ServiceViews;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.ServiceView;
import dev.tombolo.reconciler.table.Columns;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The agent's tables as text, by name. */
final class AgentViews implements Views {
    private record Row(String key, String value) {}

    private static final Columns<Row> COLUMNS =
            Columns.<Row>none().with("Key", Row::key).with("Value", Row::value);

    private static final Columns<MeshNode> NODES = Columns.<MeshNode>none()
            .with("Cluster", node -> node.id().cluster())
            .with("Node", node -> node.id().name())
            .with("Addresses", node -> list(node.internalAddresses()))
            .with("Tunnel", node -> list(node.tunnelAddresses()))
            .with("Pods", node -> list(node.podRanges()));
    private static final Columns<Map.Entry<RemotePrefix, MeshEndpoint>> ENDPOINTS =
            Columns.<Map.Entry<RemotePrefix, MeshEndpoint>>none()
                    .with("Cluster", row -> row.getKey().cluster())
                    .with("Address", row -> row.getKey().prefix())
                    .with("Identity", row -> row.getValue().identity())
                    .with(
                            "Host",
                            row -> row.getValue()
                                    .hostAddress()
                                    .map(Object::toString)
                                    .orElse(""))
                    .with("Pod", row -> pod(row.getValue().pod()));
    private static final Columns<TunnelPeer> PEERS = Columns.<TunnelPeer>none()
            .with("Cluster", peer -> peer.node().cluster())
            .with("Node", peer -> peer.node().name())
            .with("Endpoint", TunnelPeer::endpoint)
            .with("Allowed", peer -> list(peer.allowed()));
    private static final Columns<ServedService> SERVICES = Columns.<ServedService>none()
            .with("Service", ServedService::name)
            .with("Affinity", service -> service.affinity().name().toLowerCase(Locale.ROOT))
            .with("Shared", ServedService::shared)
            .with("Frontends", service -> list(service.ports().keySet()))
            .with("Backends", service -> service.activeAddresses(_ -> true))
            .with("Waiting", ServedService::waiting)
            .with("Dead", ServedService::deadAddresses);

    private final Agent agent;
    private final StatusReporter reporter;
    private final ServiceViews services;
    private final Map<String, Supplier<String>> tables = new TreeMap<>();

    AgentViews(Agent agent, StatusReporter reporter) {
        this.agent = agent;
        this.reporter = reporter;
        var all = agent.tables;
        services = new ServiceViews(
                agent.settings.self(),
                all,
                () -> agent.plans.reconcilers().get(all.frontends.name()).failures(),
                agent.outside::connections);
        tables.put(
                "nodes",
                () -> NODES.text(all.believed.nodes().snapshot().values().toList()));
        tables.put(
                "endpoints",
                () -> ENDPOINTS.text(
                        all.believed.endpoints().snapshot().stream().toList()));
        tables.put("peers", () -> PEERS.text(all.peers.snapshot().values().toList()));
        tables.put("routes", () -> text(all.routes));
        tables.put(
                "services", () -> SERVICES.text(all.services.snapshot().values().toList()));
        tables.put("backends", () -> text(all.frontends));
        tables.put("ipcache", () -> text(all.ipcache));
        tables.put("paths", () -> text(all.paths));
        tables.put("path-states", () -> text(all.pathStates));
        tables.put("failures", this::failures);
    }

    @Override
    public Map<String, Supplier<String>> tables() {
        return tables;
    }

    @Override
    public String status() {
        return reporter.status().toString();
    }

    @Override
    public Flows flows() {
        return agent.egress.flows();
    }

    @Override
    public ServiceView service(ServiceName name) throws IOException {
        return services.view(name);
    }

    @Override
    public RoutesView routes(RoutesQuestion question) {
        return agent.bgp.view(question);
    }

    @Override
    public Optional<String> notReady() {
        return agent.ready()
                ? Optional.empty()
                : Optional.of(agent.attachFailure().orElse("starting"));
    }

    private static <K extends Comparable<? super K>, V> String text(Table<K, V> table) {
        return COLUMNS.text(table.snapshot().stream()
                .map(row -> new Row(row.getKey().toString(), row.getValue().toString()))
                .toList());
    }

    private static String list(Collection<?> values) {
        return String.join(",", values.stream().map(Object::toString).toList());
    }

    private static String pod(MeshEndpoint.Pod pod) {
        return pod.name().isEmpty() ? "" : pod.namespace() + "/" + pod.name();
    }

    private String failures() {
        var rows = new java.util.ArrayList<Row>();
        agent.loops()
                .forEach((name, loop) -> loop.failures()
                        .forEach((key, failure) -> rows.add(new Row(name + " " + key, failure.toString()))));
        return COLUMNS.text(rows);
    }
}

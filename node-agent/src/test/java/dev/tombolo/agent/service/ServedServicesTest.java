package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.mesh.RemoteService;
import dev.tombolo.agent.path.Path;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who answers under which address, from services to rows of the kernel. This node has one backend, another one too, the peer a third. */
class ServedServicesTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final String HERE = "10.1.1.2:8080";
    private static final String ELSEWHERE = "10.1.2.2:8080";
    private static final String REMOTE = "10.2.0.2:8080";
    private static final OutsideAccess LOCAL =
            new OutsideAccess(List.of(IpAddress.parse("198.51.100.7")), true, Optional.empty());

    private final Table<ObjectKey, KubeService> services = new Table<>("services");
    private final Table<ObjectKey, KubeEndpointSlice> slices = new Table<>("slices");
    private final Table<String, KubeNamespace> namespaces = new Table<>("namespaces");
    private final Table<RemoteService, MeshService> remote = new Table<>("remote");
    private final Table<IpAddress, Path> paths = new Table<>("paths");
    private final Table<IpAddress, Boolean> nodeAddresses = new Table<>("node");
    private final Table<String, String> zone = new Table<>("zone");
    private Map<String, String> labels = Map.of();
    private boolean ending;
    private KubeEndpointSlice.Hints hints = KubeEndpointSlice.Hints.NONE;
    private KubeEndpointSlice.Hints hintsElsewhere = KubeEndpointSlice.Hints.NONE;

    @Test
    void backendsOfAllClustersServeClientsOutside() {
        service("web", 7, true, OutsideAccess.NONE);
        assertThat(rows(ServedServices.GLOBAL))
                .containsEntry("10.96.0.7:80/TCP", List.of(HERE, ELSEWHERE, REMOTE, "CLUSTER"))
                .containsEntry("192.0.2.11:30080/TCP", List.of(HERE, ELSEWHERE, REMOTE, "NODE_PORT"));
    }

    @Test
    void theLocalPolicyLeavesOnlyBackendsOfThisNode() {
        service("web", 7, true, LOCAL);
        assertThat(rows(ServedServices.GLOBAL))
                .containsEntry("10.96.0.7:80/TCP", List.of(HERE, ELSEWHERE, REMOTE, "CLUSTER"))
                .containsEntry("198.51.100.7:80/TCP", List.of(HERE, "OUTSIDE_LOCAL"))
                .containsEntry("192.0.2.11:30080/TCP", List.of(HERE, "NODE_PORT_LOCAL"))
                .as("to whoever is inside")
                .containsEntry("198.51.100.7:80/TCP inside", List.of(HERE, ELSEWHERE, REMOTE, "CLUSTER"))
                .containsEntry("192.0.2.11:30080/TCP inside", List.of(HERE, ELSEWHERE, REMOTE, "CLUSTER"));
    }

    /** Or clients inside would be served by one service, and those outside by another. */
    @Test
    void whoOwnsAnAddressOwnsItForWhoeverIsInsideToo() {
        var both = new OutsideAccess(LOCAL.externalIps(), false, Optional.empty());
        service("an-owner", 8, true, both);
        service("web", 7, true, LOCAL);
        assertThat(rows(ServedServices.GLOBAL))
                .containsKey("198.51.100.7:80/TCP")
                .doesNotContainKey("198.51.100.7:80/TCP inside");
    }

    @Test
    void anAddressChangesHandsWithAllItsRows() {
        service("an-owner", 8, true, new OutsideAccess(LOCAL.externalIps(), false, Optional.empty()));
        service("web", 7, true, LOCAL);
        initialize();
        try (var rows = new Rows(ServedServices.GLOBAL)) {
            assertThat(rows.shown()).doesNotContainKey("198.51.100.7:80/TCP inside");
            services.remove(new ObjectKey("shop", "an-owner"));
            await().untilAsserted(() -> assertThat(rows.shown()).containsKey("198.51.100.7:80/TCP inside"));
        }
    }

    /** Who is outside is served by all of them all the same. */
    @Test
    void theInternalPolicyLeavesOnlyBackendsOfThisNodeToWhoIsInside() {
        service("web", 7, true, OutsideAccess.NONE, true);
        assertThat(rows(ServedServices.GLOBAL))
                .containsEntry("10.96.0.7:80/TCP", List.of(HERE, "CLUSTER"))
                .containsEntry("192.0.2.11:30080/TCP", List.of(HERE, ELSEWHERE, REMOTE, "NODE_PORT"));
    }

    @Test
    void aServiceThatIsNotGlobalIsServedOnlyInPlaceOfKubeProxy() {
        service("web", 7, false, OutsideAccess.NONE);
        assertThat(rows(ServedServices.GLOBAL)).isEmpty();
        assertThat(rows(ServedServices.ALL))
                .containsEntry("10.96.0.7:80/TCP", List.of(HERE, ELSEWHERE, "CLUSTER"))
                .containsEntry("192.0.2.11:30080/TCP", List.of(HERE, ELSEWHERE, "NODE_PORT"));
    }

    /** Also of a kube-proxy, which is why it has an address nobody need serve. */
    @ParameterizedTest
    @ValueSource(strings = {"service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"})
    void aServiceOfAnotherProxyIsLeftToIt(String label) {
        labels = Map.of(label, "");
        service("web", 7, true, LOCAL);
        assertThat(rows(ServedServices.ALL)).isEmpty();
    }

    /** Nothing is ready while it ends but what its Service publishes in any case. */
    @Test
    void anEndpointThatIsPublishedServesWhileItEnds() {
        ending = true;
        service("web", 7, true, OutsideAccess.NONE);
        assertThat(rows(ServedServices.GLOBAL))
                .containsEntry("10.96.0.7:80/TCP", List.of(HERE, ELSEWHERE, REMOTE, "CLUSTER"));
    }

    /** Whoever may write a Service must not take over another one's address by claiming it for clients outside. */
    @Test
    void aClusterAddressIsNobodysExternalAddress() {
        service("web", 7, true, OutsideAccess.NONE);
        service("a-thief", 8, true, new OutsideAccess(List.of(IpAddress.parse("10.96.0.7")), false, Optional.empty()));
        assertThat(rows(ServedServices.GLOBAL))
                .containsEntry("10.96.0.7:80/TCP", List.of(HERE, ELSEWHERE, REMOTE, "CLUSTER"));
    }

    /** Who is outside is served so too, but not where the policy leaves only backends of this node; remote ones have no hints. */
    @Test
    void hintsLeaveBackendsOfTheNodesZone() {
        hints = new KubeEndpointSlice.Hints(Set.of("a"), Set.of());
        hintsElsewhere = new KubeEndpointSlice.Hints(Set.of("b"), Set.of());
        service("web", 7, true, LOCAL);
        zone.put("n1", "b");
        assertThat(rows(ServedServices.GLOBAL))
                .containsEntry("10.96.0.7:80/TCP", List.of(ELSEWHERE, REMOTE, "CLUSTER"))
                .containsEntry("198.51.100.7:80/TCP", List.of(HERE, "OUTSIDE_LOCAL"));
    }

    private Map<String, List<String>> rows(ServedServices served) {
        initialize();
        try (var rows = new Rows(served)) {
            return rows.shown();
        }
    }

    /** What is planned from the tables, as they change. */
    private final class Rows implements AutoCloseable {
        private final Table<Frontend, ServiceEntry> rows = new Table<>("rows");
        private final Derivation<ServiceName, ServedService> planned;
        private final Derivation<Frontend, ServiceEntry> frontends;

        Rows(ServedServices served) {
            var self = new ServicePlan.Self(
                    new ClusterName("east"),
                    new ClusterId(1),
                    GlobalNamespaces.DEFAULT,
                    served,
                    ForwardingMode.DEFAULT,
                    "n1");
            var inputs = new ServiceDerivations.Inputs(
                    self, services, slices, namespaces, remote, paths, nodeAddresses, zone);
            var table = new Table<ServiceName, ServedService>("planned");
            planned = ServiceDerivations.served(inputs, table);
            frontends = ServiceDerivations.frontends(table, rows);
            await().until(rows::initialized);
        }

        Map<String, List<String>> shown() {
            var shown = new TreeMap<String, List<String>>();
            rows.snapshot()
                    .forEach(row -> shown.put(row.getKey().toString(), ServedServicesTest.shown(row.getValue())));
            return shown;
        }

        @Override
        public void close() {
            frontends.close();
            planned.close();
        }
    }

    private static List<String> shown(ServiceEntry entry) {
        var backends = new java.util.ArrayList<String>();
        entry.backends().forEach(backend -> backends.add(backend.address() + ":" + backend.port()));
        backends.add(entry.reach().toString());
        return backends;
    }

    private void initialize() {
        namespaces.put("shop", new KubeNamespace("shop", Map.of(), Map.of()));
        nodeAddresses.put(IpAddress.parse("192.0.2.11"), true);
        var address = IpAddress.parse("10.2.0.2");
        paths.put(address, new Path(new NodeId(WEST, "n"), address));
        List.of(services, slices, namespaces, remote, paths, nodeAddresses, zone)
                .forEach(Table::markInitialized);
    }

    private void service(String name, int number, boolean global, OutsideAccess outside) {
        service(name, number, global, outside, false);
    }

    private void service(String name, int number, boolean global, OutsideAccess outside, boolean internalLocal) {
        var key = new ObjectKey("shop", name);
        services.put(
                key,
                new KubeService(
                        key,
                        "",
                        labels,
                        global ? Map.of("service.cilium.io/global", "true") : Map.of(),
                        KubeService.Type.NODE_PORT,
                        List.of(IpAddress.parse("10.96.0." + number)),
                        List.of(),
                        List.of(new KubeService.Port("http", Protocol.TCP, 80, "", 30_073 + number)),
                        Map.of(),
                        false,
                        false,
                        0,
                        LoadBalancing.NONE,
                        outside,
                        internalLocal));
        slices.put(
                key,
                new KubeEndpointSlice(
                        key,
                        key,
                        KubeEndpointSlice.Family.IPV4,
                        "",
                        Map.of(),
                        List.of(endpoint("10.1.1.2", "n1", hints), endpoint("10.1.2.2", "n2", hintsElsewhere)),
                        List.of(new KubeEndpointSlice.Port("http", Protocol.TCP, 8080))));
        var backends = Map.of(IpAddress.parse("10.2.0.2"), Map.of("http", new ServicePort(Protocol.TCP, 8080)));
        var mesh = new ServiceName("shop", name);
        remote.put(
                new RemoteService(mesh, WEST),
                new MeshService(
                        WEST, new ClusterId(2), mesh, Map.of(), backends, Map.of(), Map.of(), Map.of(), Map.of()));
    }

    private KubeEndpointSlice.Endpoint endpoint(String address, String node, KubeEndpointSlice.Hints of) {
        return new KubeEndpointSlice.Endpoint(IpAddress.parse(address), true, !ending, ending, node, "", "", "", of);
    }
}

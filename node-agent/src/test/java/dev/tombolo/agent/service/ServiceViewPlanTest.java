package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.path.Path;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import dev.tombolo.model.service.view.ServiceView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Three backends here (one on this node, one ends, one fails), two in the peer: one can be reached, to one is no way. */
class ServiceViewPlanTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final ObjectKey KEY = new ObjectKey("shop", "web");
    private static final OutsideAccess LOCAL = new OutsideAccess(
            List.of(IpAddress.parse("198.51.100.7")), true, Optional.of(List.of(Prefix.parse("203.0.113.0/24"))));

    private final Map<String, String> annotations = new HashMap<>(Map.of("service.cilium.io/global", "true"));
    private ServedServices all = ServedServices.GLOBAL;
    private boolean pathIsDead;
    private OutsideAccess outside = OutsideAccess.NONE;

    @Test
    void tellsTheStateOfEveryBackend() {
        assertThat(shown("10.96.0.7:80"))
                .containsExactly(
                        "10.1.1.2:8080 east n1 ACTIVE",
                        "10.1.2.2:8080 east n2 DRAINING it is terminating",
                        "10.1.2.3:8080 east n2 NOT_READY",
                        "10.2.0.2:8080 west w1 ACTIVE",
                        "10.2.0.3:8080 west  WAITING no way to a node of west leads there yet");
    }

    @Test
    void tellsWhyABackendIsNotOffered() {
        annotations.put("service.cilium.io/affinity", "local");
        assertThat(shown("10.96.0.7:80")).contains("10.2.0.2:8080 west w1 LEFT_OUT the service's affinity is local");
    }

    @Test
    void tellsOfADeadPath() {
        pathIsDead = true;
        assertThat(shown("10.96.0.7:80")).contains("10.2.0.2:8080 west w1 DEAD_PATH");
    }

    @Test
    void tellsWhoIsServedWhere() {
        outside = LOCAL;
        assertThat(view().frontends())
                .extracting(frontend -> frontend.endpoint() + " " + frontend.kind() + " "
                        + frontend.audience().words())
                .containsExactly(
                        "10.96.0.7:80 CLUSTER inside",
                        "192.0.2.11:30080 NODE_PORT outside, by backends of this node",
                        "192.0.2.11:30080 NODE_PORT inside",
                        "192.0.2.77:80 LOAD_BALANCER outside from 203.0.113.0/24, by backends of this node",
                        "198.51.100.7:80 EXTERNAL outside, by backends of this node",
                        "198.51.100.7:80 EXTERNAL inside");
        assertThat(shown("198.51.100.7:80"))
                .contains(
                        "10.1.1.2:8080 east n1 ACTIVE",
                        "10.1.2.2:8080 east n2 LEFT_OUT it is not on this node",
                        "10.2.0.2:8080 west w1 LEFT_OUT it is not on this node");
    }

    @Test
    void countsConnectionsAlsoOfABackendThatIsGone() {
        var frontend = new Frontend(SocketEndpoint.parse("192.0.2.77:80"), Protocol.TCP);
        var counts = Map.of(
                frontend, Map.of(SocketEndpoint.parse("10.1.1.2:8080"), 7, SocketEndpoint.parse("10.1.9.9:8080"), 1));
        var shown = view(Map.of(), counts).frontends().stream()
                .filter(each -> each.endpoint().equals(frontend.endpoint()))
                .findFirst()
                .orElseThrow();
        assertThat(shown.connections()).isEqualTo(8);
        assertThat(shown.backends())
                .extracting(backend -> backend.endpoint() + " " + backend.state() + " " + backend.connections())
                .contains("10.1.1.2:8080 ACTIVE 7", "10.1.9.9:8080 GONE 1", "10.2.0.2:8080 ACTIVE 0");
    }

    @Test
    void saysWhatIsNotInTheKernel() {
        var frontend = new Frontend(SocketEndpoint.parse("10.96.0.7:80"), Protocol.TCP);
        var view = view(Map.of(frontend, "not in the kernel: the map is full"), Map.of());
        assertThat(view.frontends().getFirst().problem()).isEqualTo("not in the kernel: the map is full");
        assertThat(view.frontends().getLast().problem()).isEmpty();
    }

    @Test
    void tellsWhatShareABackendGets() {
        annotations.put("service.tombolo.dev/cluster-weights", "east=75,west=25");
        var frontend = view().frontends().getFirst();
        assertThat(frontend.backends())
                .extracting(backend -> "%s %.2f".formatted(backend.endpoint(), frontend.share(backend)))
                .containsExactly(
                        "10.1.1.2:8080 0.75",
                        "10.1.2.2:8080 0.00",
                        "10.1.2.3:8080 0.00",
                        "10.2.0.2:8080 0.25",
                        "10.2.0.3:8080 0.00");
    }

    @Test
    void tellsWhoAnswersAndWhatIsOnLoopback() {
        annotations.put("service.cilium.io/forwarding-mode", "dsr");
        all = ServedServices.ALL;
        assertThat(view().frontends())
                .extracting(frontend -> frontend.endpoint() + " " + frontend.kind() + " "
                        + frontend.audience().words())
                .containsExactly(
                        "10.96.0.7:80 CLUSTER inside",
                        "127.0.0.1:30080 LOOPBACK inside",
                        "192.0.2.11:30080 NODE_PORT inside and outside",
                        "192.0.2.77:80 LOAD_BALANCER inside and outside, answered by the backend's node");
    }

    private List<String> shown(String frontend) {
        return view().frontends().stream()
                .filter(each -> each.endpoint().toString().equals(frontend))
                .flatMap(each -> each.backends().stream())
                .map(each -> (each.endpoint() + " " + each.cluster() + " " + each.node() + " " + each.state() + " "
                                + each.why())
                        .strip())
                .toList();
    }

    private ServiceView view() {
        return view(Map.of(), Map.of());
    }

    private ServiceView view(Map<Frontend, String> problems, Map<Frontend, Map<SocketEndpoint, Integer>> connections) {
        var service = service();
        var remote = List.of(remote());
        var self = new ServicePlan.Self(
                new ClusterName("east"), new ClusterId(1), GlobalNamespaces.DEFAULT, all, ForwardingMode.DEFAULT, "n1");
        var served = ServicePlan.plan(
                        self,
                        service,
                        List.of(IpAddress.parse("192.0.2.11")),
                        Optional.of(new KubeNamespace("shop", Map.of(), Map.of())),
                        List.of(slice()),
                        remote,
                        this::path,
                        _ -> Optional.empty())
                .orElseThrow();
        var facts = new ServiceViewPlan.Facts(List.of(slice()), remote, this::path, problems, connections);
        return ServiceViewPlan.view(self, service, served, facts);
    }

    private Optional<Path> path(IpAddress address) {
        return address.toString().equals("10.2.0.2")
                ? Optional.of(new Path(new NodeId(WEST, "w1"), address, pathIsDead))
                : Optional.empty();
    }

    private KubeService service() {
        return new KubeService(
                KEY,
                "",
                Map.of(),
                Map.copyOf(annotations),
                KubeService.Type.LOAD_BALANCER,
                List.of(IpAddress.parse("10.96.0.7")),
                List.of(IpAddress.parse("192.0.2.77")),
                List.of(new KubeService.Port("http", Protocol.TCP, 80, "", 30_080)),
                Map.of(),
                false,
                false,
                0,
                LoadBalancing.NONE,
                outside,
                false);
    }

    private static KubeEndpointSlice slice() {
        return new KubeEndpointSlice(
                KEY,
                KEY,
                KubeEndpointSlice.Family.IPV4,
                "",
                Map.of(),
                List.of(
                        endpoint("10.1.1.2", true, false, "n1"),
                        endpoint("10.1.2.2", false, true, "n2"),
                        endpoint("10.1.2.3", false, false, "n2")),
                List.of(new KubeEndpointSlice.Port("http", Protocol.TCP, 8080)));
    }

    private static KubeEndpointSlice.Endpoint endpoint(String address, boolean ready, boolean ends, String node) {
        return new KubeEndpointSlice.Endpoint(IpAddress.parse(address), ready, ready || ends, ends, node, "", "", "");
    }

    private static MeshService remote() {
        var port = Map.of("http", new ServicePort(Protocol.TCP, 8080));
        var backends = Map.of(IpAddress.parse("10.2.0.2"), port, IpAddress.parse("10.2.0.3"), port);
        return new MeshService(
                WEST,
                new ClusterId(2),
                new ServiceName("shop", "web"),
                Map.of(),
                backends,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }
}

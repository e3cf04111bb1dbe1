package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ClusterWeights;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceViewsTest {
    private static final SocketEndpoint CONTESTED = SocketEndpoint.parse("198.51.100.7:80");

    private final MeshTables tables = new MeshTables();
    private final ServiceViews views = new ServiceViews(
            new ServicePlan.Self(new ClusterName("east"), new ClusterId(1), GlobalNamespaces.DEFAULT),
            tables,
            Map::of,
            _ -> Map.of());

    /** The one that the kernel's rows are of: the oldest, and not the first by name. */
    @Test
    void tellsWhoHasAnAddressThatSeveralClaim() throws Exception {
        service("a-young", 2);
        service("old", 1);
        assertThat(problem("a-young")).isEqualTo("served for shop/old, which has it too");
        assertThat(problem("old")).isEmpty();
    }

    private String problem(String name) throws Exception {
        return views.view(new ServiceName("shop", name)).frontends().getFirst().problem();
    }

    private void service(String name, int second) {
        var key = new ObjectKey("shop", name);
        tables.kubeServices.put(
                key,
                new KubeService(
                        key,
                        "",
                        Map.of(),
                        Map.of(),
                        KubeService.Type.CLUSTER_IP,
                        List.of(IpAddress.parse("10.96.0." + second)),
                        List.of(),
                        List.of(new KubeService.Port("http", Protocol.TCP, 80, "", 0)),
                        Map.of(),
                        false,
                        false,
                        0,
                        LoadBalancing.NONE,
                        new OutsideAccess(List.of(CONTESTED.address()), false, Optional.empty()),
                        false));
        var set = new BackendSet(List.of(), List.of(), List.of(), Clients.of(Reach.OUTSIDE), ClusterWeights.NONE);
        var full = new ServiceName("shop", name);
        var created = Optional.of(Instant.ofEpochSecond(second));
        var ports = Map.of(new Frontend(CONTESTED, Protocol.TCP), set);
        tables.services.put(full, new ServedService(full, created, true, Affinity.NONE, true, ports, 0));
    }
}

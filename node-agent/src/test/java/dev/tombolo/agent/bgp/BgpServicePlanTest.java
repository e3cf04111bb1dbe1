package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.plan.BgpService;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of node1; an endpoint is written as its node and what it is. */
class BgpServicePlanTest {
    private static final ObjectKey KEY = new ObjectKey("shop", "web");
    private static final KubeService SERVICE = new KubeService(
            KEY,
            "",
            Map.of("app", "web"),
            Map.of(),
            KubeService.Type.LOAD_BALANCER,
            List.of(IpAddress.parse("10.96.0.7")),
            List.of(IpAddress.parse("192.0.2.10")),
            List.of(),
            Map.of(),
            false,
            false,
            0,
            LoadBalancing.NONE,
            new OutsideAccess(List.of(IpAddress.parse("203.0.113.7")), true, Optional.empty()),
            false);

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nobody,                     '',                                        0, 0",
        "here and elsewhere,         node1 ready; node2 ready; node2 ready,     1, 3",
        "not ready,                  node1 starting; node2 ready,               0, 1",
        "one that is terminating,    node1 terminating; node2 ready,            0, 1",
        "all are terminating,        node1 terminating; node2 terminating,      1, 2",
        "terminating and not served, node1 gone; node2 gone,                    0, 0"
    })
    void countsWhoTakesNewConnections(String name, String endpoints, int onNode, int inCluster) {
        var backends = plan(endpoints, true).backends();
        assertThat(backends.onNode()).isEqualTo(onNode);
        assertThat(backends.inCluster()).isEqualTo(inCluster);
    }

    @Test
    void countsBackendsOfOtherClustersWhereItIsGlobal() {
        assertThat(plan("", true).backends().remote()).isEqualTo(Map.of(new ClusterName("west"), 1));
        assertThat(plan("", false).backends().remote()).isEmpty();
    }

    @Test
    void hasTheAddressesOfEachKind() {
        var service = plan("", true);
        assertThat(service.addresses())
                .isEqualTo(Map.of(
                        ServiceAddress.LoadBalancerIP, List.of(IpAddress.parse("192.0.2.10")),
                        ServiceAddress.ExternalIP, List.of(IpAddress.parse("203.0.113.7")),
                        ServiceAddress.ClusterIP, List.of(IpAddress.parse("10.96.0.7"))));
        assertThat(service.externalLocal()).isTrue();
        assertThat(service.internalLocal()).isFalse();
    }

    private static BgpService plan(String endpoints, boolean global) {
        var all = Arrays.stream(endpoints.split("; "))
                .filter(text -> !text.isEmpty())
                .toList();
        var slice = new KubeEndpointSlice(
                new ObjectKey("shop", "web-1"),
                KEY,
                KubeEndpointSlice.Family.IPV4,
                "",
                Map.of(),
                IntStream.range(0, all.size())
                        .mapToObj(i -> endpoint(i, all.get(i).split(" ")))
                        .toList(),
                List.of());
        return BgpServicePlan.service(SERVICE, List.of(slice), List.of(remote()), global, true, Set.of(), "node1");
    }

    private static KubeEndpointSlice.Endpoint endpoint(int number, String[] words) {
        boolean serving = words[1].equals("ready") || words[1].equals("terminating");
        boolean terminating = words[1].equals("terminating") || words[1].equals("gone");
        return new KubeEndpointSlice.Endpoint(
                IpAddress.parse("10.1.0." + (number + 1)),
                words[1].equals("ready"),
                serving,
                terminating,
                words[0],
                "",
                "",
                "",
                KubeEndpointSlice.Hints.NONE);
    }

    private static MeshService remote() {
        return new MeshService(
                new ClusterName("west"),
                new ClusterId(2),
                new ServiceName("shop", "web"),
                Map.of(),
                Map.of(IpAddress.parse("10.2.0.1"), Map.of()),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }
}

package dev.tombolo.apiserver;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeEndpointSlice.Endpoint;
import dev.tombolo.kube.object.KubeEndpointSlice.Family;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.service.ServiceAnnotations;
import java.util.List;
import java.util.Map;

/** Short ways to write Kubernetes rows in tests. */
public final class Rows {
    public static final SelfCluster CLUSTER1 = cluster(1);

    private Rows() {}

    public static SelfCluster cluster(int id) {
        var number = new ClusterId(id);
        var numbering = MeshNumbering.CLUSTERS_255;
        return new SelfCluster(
                new ClusterName("cluster" + id), number, numbering, numbering.defaultTunnelRange(number));
    }

    public static KubeNode node(String name, String ip, String podCidr, Map<String, String> annotations) {
        return new KubeNode(
                name,
                "",
                Map.of(),
                annotations,
                List.of(Prefix.parse(podCidr)),
                List.of(IpAddress.parse(ip)),
                List.of(),
                true,
                "boot",
                false);
    }

    public static KubePod pod(String name, String ip, Map<String, String> labels) {
        return new KubePod(
                new ObjectKey("shop", name),
                "uid-" + name,
                labels,
                Map.of(),
                "default",
                "node1",
                false,
                List.of(IpAddress.parse(ip)),
                KubePod.Phase.RUNNING,
                true,
                false,
                List.of(new KubePod.Port("http", 8080, Protocol.TCP)),
                List.of("web"));
    }

    public static KubeService service(String name, String affinity) {
        return new KubeService(
                new ObjectKey("shop", name),
                "uid",
                Map.of(),
                Map.of(ServiceAnnotations.GLOBAL, "true", ServiceAnnotations.AFFINITY, affinity),
                KubeService.Type.CLUSTER_IP,
                List.of(IpAddress.parse("10.96.0.7")),
                List.of(),
                List.of(new KubeService.Port("http", Protocol.TCP, 80, "http", 0)),
                Map.of("app", name),
                false,
                false,
                0,
                LoadBalancing.NONE);
    }

    public static KubeEndpointSlice slice(String service, Endpoint... endpoints) {
        return new KubeEndpointSlice(
                new ObjectKey("shop", service + "-1"),
                new ObjectKey("shop", service),
                Family.IPV4,
                "",
                Map.of(),
                List.of(endpoints),
                List.of(new KubeEndpointSlice.Port("http", Protocol.TCP, 8080)));
    }

    public static Endpoint endpoint(String ip, boolean ready, boolean serving, boolean terminating) {
        return new Endpoint(IpAddress.parse(ip), ready, serving, terminating, "node1", "", "", "");
    }
}

package dev.tombolo.benchmarks.propagation;

import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import java.util.List;
import java.util.Map;

/** The two clusters that are measured: how many services of how many pods, on which addresses. */
record Shape(int services, int podsOfAService) {
    static final ClusterName EAST = new ClusterName("east");
    static final ClusterName WEST = new ClusterName("west");
    static final ClusterId EAST_ID = new ClusterId(1);
    static final ClusterId WEST_ID = new ClusterId(2);
    static final MeshNumbering NUMBERING = MeshNumbering.CLUSTERS_255;
    static final Prefix WEST_PODS = Prefix.parse("10.0.0.0/12");
    static final Prefix WEST_NODES = Prefix.parse("172.16.0.0/12");
    static final Prefix WEST_TUNNEL = NUMBERING.defaultTunnelRange(WEST_ID);
    static final Prefix EAST_TUNNEL = NUMBERING.defaultTunnelRange(EAST_ID);
    static final String NAMESPACE = "shop";
    static final int PORT = 80;
    static final int TARGET_PORT = 8080;

    private static final IpAddress SERVICES = IpAddress.parse("10.96.0.1");
    private static final int PODS_OF_A_NODE = 250;

    int endpoints() {
        return services * podsOfAService;
    }

    int nodes() {
        return (endpoints() + PODS_OF_A_NODE - 1) / PODS_OF_A_NODE;
    }

    static int nodeOf(int pod) {
        return pod / PODS_OF_A_NODE;
    }

    int serviceOf(int pod) {
        return pod % services;
    }

    static IpAddress serviceAddress(int service) {
        return SERVICES.plus(service);
    }

    static Prefix podRange(int node) {
        return new Prefix(WEST_PODS.address().plus(256L * node), 24);
    }

    /** The same in both clusters. */
    static KubeNamespace namespace() {
        return new KubeNamespace(NAMESPACE, Map.of(), Map.of());
    }

    static ObjectKey serviceKey(int service) {
        return new ObjectKey(NAMESPACE, "s" + service);
    }

    /** The same in both clusters. */
    static KubeService service(int service) {
        return new KubeService(
                serviceKey(service),
                "uid-s" + service,
                Map.of(),
                Map.of("service.cilium.io/global", "true"),
                KubeService.Type.CLUSTER_IP,
                List.of(serviceAddress(service)),
                List.of(),
                List.of(new KubeService.Port("http", Protocol.TCP, PORT, Integer.toString(TARGET_PORT), 0)),
                Map.of("app", "s" + service),
                false,
                false,
                0,
                LoadBalancing.NONE);
    }
}

package dev.tombolo.kube.object;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.List;
import java.util.Map;

/**
 * A Service.
 *
 * @param clusterIps empty for a headless one
 * @param selector empty where somebody else keeps its EndpointSlices
 */
public record KubeService(
        ObjectKey key,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        Type type,
        List<IpAddress> clusterIps,
        List<IpAddress> loadBalancerIps,
        List<Port> ports,
        Map<String, String> selector,
        boolean headless,
        boolean publishNotReady,
        int sessionAffinitySeconds) {
    public KubeService {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        clusterIps = List.copyOf(clusterIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        ports = List.copyOf(ports);
        selector = Map.copyOf(selector);
    }

    /** How a Service is reached. */
    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    /**
     * One port.
     *
     * @param name empty where the Service has a single unnamed port
     * @param targetPort a number or the name of a container port
     * @param nodePort 0 for none
     */
    public record Port(String name, Protocol protocol, int port, String targetPort, int nodePort) {}
}

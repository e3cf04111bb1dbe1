package dev.tombolo.kube.object;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Service.
 *
 * @param clusterIps empty for a headless one
 * @param selector empty where somebody else keeps its EndpointSlices
 * @param loadBalancing what decides which addresses clients outside have for it
 * @param outside what clients outside may do
 * @param internalLocal whether a node serves those inside the cluster by backends of its own only
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
        int sessionAffinitySeconds,
        LoadBalancing loadBalancing,
        OutsideAccess outside,
        boolean internalLocal) {
    private static final String ANOTHER_PROXY = "service.kubernetes.io/service-proxy-name";
    private static final String NO_PROXY = "service.kubernetes.io/headless";

    /** Of a Service that says nothing of who is served by whom. */
    public KubeService(
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
            int sessionAffinitySeconds,
            LoadBalancing loadBalancing) {
        this(
                key,
                uid,
                labels,
                annotations,
                type,
                clusterIps,
                loadBalancerIps,
                ports,
                selector,
                headless,
                publishNotReady,
                sessionAffinitySeconds,
                loadBalancing,
                OutsideAccess.NONE,
                false);
    }

    public KubeService {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        clusterIps = List.copyOf(clusterIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        ports = List.copyOf(ports);
        selector = Map.copyOf(selector);
    }

    /** Whether its labels leave it to somebody else, as a kube-proxy leaves it too, whichever addresses it has. */
    public boolean isOfAnotherProxy() {
        return labels.containsKey(ANOTHER_PROXY) || labels.containsKey(NO_PROXY);
    }

    /** The same with other addresses for clients outside, and with what is said of them. */
    public KubeService with(List<IpAddress> loadBalancerIps, Optional<ObservedCondition> condition) {
        return new KubeService(
                key,
                uid,
                labels,
                annotations,
                type,
                clusterIps,
                loadBalancerIps,
                ports,
                selector,
                headless,
                publishNotReady,
                sessionAffinitySeconds,
                loadBalancing.with(condition),
                outside,
                internalLocal);
    }

    /** Of its ports those of a protocol that nobody here serves; the others are served all the same. */
    public List<Invalid> refusedPorts() {
        return ports.stream()
                .filter(port -> !port.isServed())
                .map(port -> new Invalid(
                        "Service " + key + " protocol of port " + port.port(),
                        Invalid.Reason.UNSUPPORTED_PROTOCOL,
                        port.protocol().name(),
                        "TCP or UDP: this port is not served, the others are"))
                .toList();
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
    public record Port(String name, Protocol protocol, int port, String targetPort, int nodePort) {
        /** Whether the programs know its protocol. */
        public boolean isServed() {
            return protocol != Protocol.SCTP;
        }
    }
}

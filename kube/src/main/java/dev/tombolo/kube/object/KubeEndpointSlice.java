package dev.tombolo.kube.object;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.List;
import java.util.Map;

/**
 * An EndpointSlice with addresses; slices of host names are not rows.
 *
 * @param service the Service's name in the same namespace
 * @param managedBy who keeps it, from its label; empty if it does not say
 */
public record KubeEndpointSlice(
        ObjectKey key,
        ObjectKey service,
        Family family,
        String managedBy,
        Map<String, String> labels,
        List<Endpoint> endpoints,
        List<Port> ports) {
    public KubeEndpointSlice {
        labels = Map.copyOf(labels);
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /** The same with the endpoints of one node only. */
    public KubeEndpointSlice onNode(String node) {
        var there = endpoints.stream()
                .filter(endpoint -> endpoint.nodeName().equals(node))
                .toList();
        return new KubeEndpointSlice(key, service, family, managedBy, labels, there, ports);
    }

    /** The address family of all endpoints of a slice. */
    public enum Family {
        IPV4,
        IPV6
    }

    /**
     * One backend; the first address only, as kube-proxy does it.
     *
     * @param serving answers its probes, terminating or not
     * @param pod name of the pod behind it, empty if it is none
     */
    public record Endpoint(
            IpAddress address,
            boolean ready,
            boolean serving,
            boolean terminating,
            String nodeName,
            String zone,
            String hostname,
            String pod) {}

    /** A port of every endpoint. */
    public record Port(String name, Protocol protocol, int port) {}
}

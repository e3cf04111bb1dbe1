package dev.tombolo.kube.object;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
     * @param hints for whom the control plane means it
     */
    public record Endpoint(
            IpAddress address,
            boolean ready,
            boolean serving,
            boolean terminating,
            String nodeName,
            String zone,
            String hostname,
            String pod,
            Hints hints) {
        /** Meant for nobody in particular. */
        public Endpoint(
                IpAddress address,
                boolean ready,
                boolean serving,
                boolean terminating,
                String nodeName,
                String zone,
                String hostname,
                String pod) {
            this(address, ready, serving, terminating, nodeName, zone, hostname, pod, Hints.NONE);
        }
    }

    /** Zones and nodes, by name, that an endpoint is meant for; it has to serve others all the same. */
    public record Hints(Set<String> zones, Set<String> nodes) {
        public static final Hints NONE = new Hints(Set.of(), Set.of());

        public Hints {
            zones = Set.copyOf(zones);
            nodes = Set.copyOf(nodes);
        }
    }

    /** A port of every endpoint. */
    public record Port(String name, Protocol protocol, int port) {}
}

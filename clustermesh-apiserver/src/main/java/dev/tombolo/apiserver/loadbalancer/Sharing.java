package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.Protocol;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * With whom a Service may have an address in common.
 *
 * @param key empty where with nobody
 * @param namespaces others whose services it may be, or the wildcard
 * @param pods what selects its pods; of no importance where every node serves clients outside
 */
record Sharing(
        String key,
        String namespace,
        Set<String> namespaces,
        Set<Port> ports,
        boolean localOnly,
        Map<String, String> pods) {
    private static final String EVERY_NAMESPACE = "*";

    Sharing {
        namespaces = Set.copyOf(namespaces);
        ports = Set.copyOf(ports);
        pods = Map.copyOf(pods);
    }

    /** What of an address one service alone can have. */
    record Port(Protocol protocol, int number) {}

    static Sharing of(KubeService service) {
        var annotations = service.annotations();
        String namespaces = ServiceAnnotation.value(
                annotations, "lbipam.cilium.io/sharing-cross-namespace", "io.cilium/lb-ipam-sharing-cross-namespace");
        return new Sharing(
                ServiceAnnotation.value(annotations, "lbipam.cilium.io/sharing-key", "io.cilium/lb-ipam-sharing-key"),
                service.key().namespace(),
                Arrays.stream(namespaces.split(",")).map(String::strip).collect(Collectors.toSet()),
                service.ports().stream()
                        .map(port -> new Port(port.protocol(), port.port()))
                        .collect(Collectors.toSet()),
                service.loadBalancing().localOnly(),
                service.selector());
    }

    boolean allows(String otherNamespace) {
        return namespace.equals(otherNamespace)
                || namespaces.contains(otherNamespace)
                || namespaces.contains(EVERY_NAMESPACE);
    }
}

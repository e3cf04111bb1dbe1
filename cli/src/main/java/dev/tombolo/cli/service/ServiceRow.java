package dev.tombolo.cli.service;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A service as it is declared here.
 *
 * @param served one that is global is so also where its namespace keeps it from it: a column says that
 * @param namespaceGlobal whether its namespace takes part in the mesh: without that the service does not
 */
record ServiceRow(
        KubeService service,
        ServiceAnnotations annotations,
        boolean served,
        boolean namespaceGlobal,
        int localBackends) {
    static ServiceRow of(
            KubeService service, ServedServices which, Set<String> namespaces, Map<ObjectKey, Integer> backends) {
        var name = new ServiceName(service.key().namespace(), service.key().name());
        var annotations = ServiceAnnotations.parse(name, service.annotations());
        return new ServiceRow(
                service,
                annotations,
                isServed(service, annotations, which),
                namespaces.contains(name.namespace()),
                backends.getOrDefault(service.key(), 0));
    }

    private static boolean isServed(KubeService service, ServiceAnnotations annotations, ServedServices which) {
        boolean hasAddress = service.type() != KubeService.Type.EXTERNAL_NAME
                && !service.clusterIps().isEmpty();
        return !service.isOfAnotherProxy() && (annotations.global() || which == ServedServices.ALL && hasAddress);
    }

    String address() {
        return service.clusterIps().stream().findFirst().map(Object::toString).orElse("");
    }

    /** Where clients outside reach it: addresses, and ports of nodes behind a colon. */
    List<String> outside() {
        var addresses = Stream.concat(service.loadBalancerIps().stream(), service.outside().externalIps().stream())
                .map(Object::toString);
        var ports = service.ports().stream().filter(port -> port.nodePort() > 0).map(port -> ":" + port.nodePort());
        return Stream.concat(addresses, ports).distinct().toList();
    }

    /** What of it is not understood; of what is left to others, only what keeps it from being ours. */
    List<String> refused() {
        var ports = served ? service.refusedPorts() : List.<Invalid>of();
        return Stream.concat(annotations.invalid().stream(), ports.stream())
                .map(Invalid::toString)
                .toList();
    }

    Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("namespace", service.key().namespace());
        document.put("name", service.key().name());
        document.put("address", address());
        document.put("outside", outside());
        document.put("global", annotations.global());
        document.put("shared", annotations.shared());
        document.put("affinity", annotations.affinity().name().toLowerCase(Locale.ROOT));
        document.put("namespace_global", namespaceGlobal);
        document.put("local_backends", localBackends);
        document.put("refused", refused());
        return document;
    }
}

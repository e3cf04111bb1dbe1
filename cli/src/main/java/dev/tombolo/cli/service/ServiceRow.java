package dev.tombolo.cli.service;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
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
 * @param namespaceGlobal whether its namespace takes part in the mesh: without that the service does not
 */
record ServiceRow(KubeService service, ServiceAnnotations annotations, boolean namespaceGlobal, int localBackends) {
    static ServiceRow of(KubeService service, Set<String> namespaces, Map<ObjectKey, Integer> backends) {
        var name = new ServiceName(service.key().namespace(), service.key().name());
        return new ServiceRow(
                service,
                ServiceAnnotations.parse(name, service.annotations()),
                namespaces.contains(name.namespace()),
                backends.getOrDefault(service.key(), 0));
    }

    /** One that is global is shown also where its namespace keeps it from being served: a column says so. */
    boolean isServed(ServedServices served) {
        boolean hasAddress = service.type() != KubeService.Type.EXTERNAL_NAME
                && !service.clusterIps().isEmpty();
        return annotations.global() || served == ServedServices.ALL && hasAddress;
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

    List<String> refused() {
        return annotations.invalid().stream().map(Object::toString).toList();
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

package dev.tombolo.apiserver.publish;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeEndpointSlice.Endpoint;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** What the mesh is told of a Service: nothing, unless it is global and shared. */
public final class ServicePlan {
    private ServicePlan() {}

    public static Optional<MeshService> service(
            KubeService service,
            Optional<KubeNamespace> namespace,
            Collection<KubeEndpointSlice> slices,
            SelfCluster self,
            GlobalNamespaces namespaces) {
        var name = new ServiceName(service.key().namespace(), service.key().name());
        boolean shared = ServiceAnnotations.parse(name, service.annotations()).shared();
        boolean takesPart = namespaces.include(namespace.map(KubeNamespace::annotations));
        if (!shared || service.type() == KubeService.Type.EXTERNAL_NAME || !takesPart) {
            return Optional.empty();
        }
        var backends = new Backends(slices);
        return Optional.of(new MeshService(
                self.name(),
                self.id(),
                name,
                frontends(service),
                backends.ports(),
                backends.texts(Endpoint::hostname),
                backends.texts(Endpoint::zone),
                service.labels(),
                service.selector()));
    }

    private static Map<IpAddress, Map<String, ServicePort>> frontends(KubeService service) {
        var ports = new TreeMap<String, ServicePort>();
        service.ports().forEach(port -> ports.put(port.name(), new ServicePort(port.protocol(), port.port())));
        var frontends = new TreeMap<IpAddress, Map<String, ServicePort>>();
        service.clusterIps().forEach(address -> frontends.put(address, ports));
        return frontends;
    }

    /**
     * The endpoints that may be chosen: the ready ones, or where there is none, those that still serve while they
     * terminate. The wire cannot say "terminating", so a draining backend is offered only when nothing else is.
     */
    private static final class Backends {
        private final Map<IpAddress, Endpoint> endpoints = new TreeMap<>();
        private final Map<IpAddress, Map<String, ServicePort>> ports = new TreeMap<>();

        Backends(Collection<KubeEndpointSlice> slices) {
            boolean anyReady =
                    slices.stream().flatMap(slice -> slice.endpoints().stream()).anyMatch(Endpoint::ready);
            Predicate<Endpoint> chosen = anyReady ? Endpoint::ready : Endpoint::serving;
            for (KubeEndpointSlice slice : slices) {
                slice.endpoints().stream().filter(chosen).forEach(endpoint -> add(endpoint, slice));
            }
        }

        private void add(Endpoint endpoint, KubeEndpointSlice slice) {
            endpoints.putIfAbsent(endpoint.address(), endpoint);
            var byName = ports.computeIfAbsent(endpoint.address(), _ -> new TreeMap<>());
            slice.ports().stream()
                    .filter(port -> port.port() > 0)
                    .forEach(port -> byName.put(port.name(), new ServicePort(port.protocol(), port.port())));
        }

        Map<IpAddress, Map<String, ServicePort>> ports() {
            return ports;
        }

        Map<IpAddress, String> texts(Function<Endpoint, String> text) {
            var texts = new LinkedHashMap<IpAddress, String>();
            endpoints.forEach((address, endpoint) -> {
                if (!text.apply(endpoint).isEmpty()) {
                    texts.put(address, text.apply(endpoint));
                }
            });
            return texts;
        }
    }
}

package dev.tombolo.agent.service;

import dev.tombolo.agent.path.Path;
import dev.tombolo.agent.service.TopologyPlan.Place;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a global service is answered by: the Service must exist here; remote backends join under its own address by port
 * name, and only when their path is in place. Those behind a dead path are avoided while there are others.
 */
public final class ServicePlan {
    private ServicePlan() {}

    /**
     * This cluster, as backends name it, and this node of it.
     *
     * @param namespaces those of its namespaces that take part in the mesh
     * @param forwarding of services that do not say it themselves
     * @param zone of this node; empty where it is not known
     */
    public record Self(
            ClusterName name,
            ClusterId id,
            GlobalNamespaces namespaces,
            ServedServices served,
            ForwardingMode forwarding,
            String node,
            String zone) {
        /** Before it is known in which zone the node is. */
        public Self(
                ClusterName name,
                ClusterId id,
                GlobalNamespaces namespaces,
                ServedServices served,
                ForwardingMode forwarding,
                String node) {
            this(name, id, namespaces, served, forwarding, node, "");
        }

        /** Where it does not matter which node it is. */
        public Self(ClusterName name, ClusterId id, GlobalNamespaces namespaces) {
            this(name, id, namespaces, ServedServices.DEFAULT, ForwardingMode.DEFAULT, "");
        }

        Self in(Optional<String> zone) {
            return new Self(name, id, namespaces, served, forwarding, node, zone.orElse(""));
        }
    }

    /**
     * Empty for a Service that is headless or has no address, for one whose labels name another proxy or none, and for one
     * that is not global where only those are served: all these are left to the cluster's own proxy.
     *
     * @param nodeAddresses of this node
     * @param kept remote backends that stand although the mesh does not tell of them now
     */
    public static Optional<ServedService> plan(
            Self self,
            KubeService service,
            Collection<IpAddress> nodeAddresses,
            Optional<KubeNamespace> namespace,
            Collection<KubeEndpointSlice> slices,
            Collection<MeshService> remote,
            Function<IpAddress, Optional<Path>> paths,
            Function<Frontend, Optional<BackendSet>> kept) {
        var name = new ServiceName(service.key().namespace(), service.key().name());
        var annotations = ServiceAnnotations.parse(name, service.annotations());
        boolean external = service.type() == KubeService.Type.EXTERNAL_NAME;
        boolean global = annotations.global() && self.namespaces().include(namespace.map(KubeNamespace::annotations));
        if (!global && self.served() != ServedServices.ALL
                || external
                || service.headless()
                || service.isOfAnotherProxy()
                || service.clusterIps().isEmpty()) {
            return Optional.empty();
        }
        var ports = new TreeMap<Frontend, BackendSet>();
        Set<Backend> waiting = new HashSet<>();
        UnaryOperator<List<Place>> near = ready -> TopologyPlan.nearby(ready, self.node(), self.zone());
        var forwarding = annotations.forwarding().orElse(self.forwarding());
        for (var entrance : EntrancePlan.entrances(service, self.served(), forwarding, nodeAddresses)) {
            var frontend = entrance.frontend();
            boolean v4 = frontend.endpoint().address().isV4();
            var locals = entrance.nodeOnly()
                    ? local(self, v4, entrance.port(), onNode(self, slices), ready -> ready)
                    : local(self, v4, entrance.port(), slices, near);
            var remotes = new Remotes();
            if (global && !entrance.nodeOnly()) {
                kept.apply(frontend).ifPresent(remotes::add);
                remote(v4, entrance.port(), remote, paths, remotes, waiting);
            }
            var found = BackendChoice.of(annotations, locals, remotes.alive(), remotes.dead());
            ports.putIfAbsent(frontend, found.of(entrance.clients(), annotations.weights()));
        }
        return Optional.of(new ServedService(
                name,
                service.loadBalancing().created(),
                global,
                annotations.affinity(),
                annotations.shared(),
                ports,
                waiting.size()));
    }

    private static List<KubeEndpointSlice> onNode(Self self, Collection<KubeEndpointSlice> slices) {
        return slices.stream().map(slice -> slice.onNode(self.node())).toList();
    }

    /** Remote backends whose path is in place, as they are found. */
    private record Remotes(List<Backend> alive, List<Backend> dead) {
        Remotes() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(BackendSet kept) {
            alive.addAll(kept.active());
            dead.addAll(kept.dead());
        }
    }

    /**
     * Ready endpoints are active and terminating ones drain; if all are terminating, those that still answer are used. One
     * that is terminating is called ready only where the Service publishes whatever there is.
     */
    private static BackendSet local(
            Self self,
            boolean v4,
            KubeService.Port port,
            Collection<KubeEndpointSlice> slices,
            UnaryOperator<List<Place>> near) {
        var all = places(v4, port, slices);
        var ready = near.apply(
                all.stream().filter(place -> place.endpoint().ready()).toList());
        var draining = all.stream()
                .filter(place -> !place.endpoint().ready()
                        && place.endpoint().terminating()
                        && place.endpoint().serving())
                .toList();
        return ready.isEmpty()
                ? new BackendSet(backends(self, draining), List.of(), List.of())
                : new BackendSet(backends(self, ready), backends(self, draining), List.of());
    }

    private static List<Place> places(boolean v4, KubeService.Port port, Collection<KubeEndpointSlice> slices) {
        var places = new ArrayList<Place>();
        for (var slice : slices) {
            for (var slicePort : slice.ports()) {
                if (slicePort.name().equals(port.name()) && slicePort.protocol() == port.protocol()) {
                    slice.endpoints().stream()
                            .filter(endpoint -> endpoint.address().isV4() == v4)
                            .forEach(endpoint -> places.add(new Place(endpoint, slicePort.port())));
                }
            }
        }
        return places;
    }

    private static List<Backend> backends(Self self, List<Place> places) {
        return places.stream()
                .map(place -> new Backend(self.name(), self.id().value(), place.socket()))
                .toList();
    }

    private static void remote(
            boolean v4,
            KubeService.Port port,
            Collection<MeshService> remote,
            Function<IpAddress, Optional<Path>> paths,
            Remotes found,
            Set<Backend> waiting) {
        for (var service : remote) {
            service.backends().forEach((address, portsByName) -> {
                var remotePort = portsByName.get(port.name());
                if (remotePort == null || remotePort.protocol() != port.protocol() || address.isV4() != v4) {
                    return;
                }
                int id = service.clusterId().value();
                var path =
                        paths.apply(address).filter(way -> way.node().cluster().equals(service.cluster()));
                path.ifPresentOrElse(
                        way -> (way.dead() ? found.dead() : found.alive())
                                .add(new Backend(
                                        service.cluster(), id, new SocketEndpoint(way.delivery(), remotePort.port()))),
                        () -> waiting.add(
                                new Backend(service.cluster(), id, new SocketEndpoint(address, remotePort.port()))));
            });
        }
    }
}

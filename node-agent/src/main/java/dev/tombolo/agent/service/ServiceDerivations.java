package dev.tombolo.agent.service;

import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.RemoteService;
import dev.tombolo.agent.path.Path;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps the services that are served here and their frontends planned, service by service. */
public final class ServiceDerivations {
    private ServiceDerivations() {}

    /**
     * What services are planned from.
     *
     * @param nodeAddresses of this node
     * @param zone of this node, under its name
     */
    public record Inputs(
            ServicePlan.Self self,
            Table<ObjectKey, KubeService> services,
            Table<ObjectKey, KubeEndpointSlice> slices,
            Table<String, KubeNamespace> namespaces,
            Table<RemoteService, MeshService> remote,
            Table<IpAddress, Path> paths,
            Table<IpAddress, Boolean> nodeAddresses,
            Table<String, String> zone,
            Table<Frontend, BackendSet> kept) {
        /** With nothing kept: the mesh can be read. */
        public Inputs(
                ServicePlan.Self self,
                Table<ObjectKey, KubeService> services,
                Table<ObjectKey, KubeEndpointSlice> slices,
                Table<String, KubeNamespace> namespaces,
                Table<RemoteService, MeshService> remote,
                Table<IpAddress, Path> paths,
                Table<IpAddress, Boolean> nodeAddresses,
                Table<String, String> zone) {
            this(self, services, slices, namespaces, remote, paths, nodeAddresses, zone, new Table<>("nothing kept"));
            kept.markInitialized();
        }
    }

    public static Derivation<ServiceName, ServedService> served(Inputs in, Table<ServiceName, ServedService> out) {
        var slices =
                new Index<ObjectKey, ObjectKey, KubeEndpointSlice>(in.slices(), (_, slice) -> List.of(slice.service()));
        var backends = new Index<IpAddress, RemoteService, MeshService>(
                in.remote(), (_, service) -> service.backends().keySet());
        return Derivation.into(out)
                .from(in.services(), key -> List.of(name(key)))
                .from(in.slices(), key -> names(slices.update(key)))
                .from(in.remote(), key -> {
                    backends.update(key);
                    return List.of(key.name());
                })
                .from(
                        in.paths(),
                        address -> backends.keys(address).stream()
                                .map(RemoteService::name)
                                .collect(Collectors.toSet()))
                .fromAll(in.namespaces())
                .fromAll(in.nodeAddresses())
                .fromAll(in.zone())
                .fromAll(in.kept())
                .keys(() -> {
                    slices.rebuild();
                    backends.rebuild();
                    return names(in.services().snapshot().stream()
                            .map(row -> row.getKey())
                            .toList());
                })
                .row(name -> row(in, slices, name))
                .start();
    }

    private static Optional<ServedService> row(
            Inputs in, Index<ObjectKey, ObjectKey, KubeEndpointSlice> slices, ServiceName name) {
        var key = new ObjectKey(name.namespace(), name.name());
        var rows = in.slices().snapshot();
        var paths = in.paths().snapshot();
        return in.services()
                .snapshot()
                .get(key)
                .flatMap(service -> ServicePlan.plan(
                        in.self().in(in.zone().snapshot().get(in.self().node())),
                        service,
                        in.nodeAddresses().snapshot().toMap().keySet(),
                        in.namespaces().snapshot().get(name.namespace()),
                        slices.keys(key).stream()
                                .flatMap(slice -> rows.get(slice).stream())
                                .toList(),
                        RemoteService.named(in.remote(), name),
                        paths::get,
                        frontend -> in.kept().snapshot().get(frontend)));
    }

    /** One row of the kernel's map for each frontend, by the one of several services whose it is ({@link OwnerPlan}). */
    public static Derivation<Frontend, ServiceEntry> frontends(
            Table<ServiceName, ServedService> services, Table<Frontend, ServiceEntry> out) {
        var claims = new Index<Frontend, ServiceName, ServedService>(
                services, (_, service) -> claimed(service.ports().keySet()));
        return Derivation.into(out)
                .from(services, name -> withOtherScopes(claims, claims.update(name)))
                .keys(claims::rebuild)
                .row(frontend -> owner(claims, services, frontend)
                        .flatMap(service -> Optional.ofNullable(service.ports().get(frontend)))
                        .map(ServiceDerivations::entry))
                .start();
    }

    /** What a service has rows for, and the places of those, which are owned as a whole. */
    private static Set<Frontend> claimed(Collection<Frontend> frontends) {
        var claimed = new HashSet<>(frontends);
        frontends.forEach(frontend -> claimed.add(frontend.in(ServiceScope.EVERYBODY)));
        return claimed;
    }

    /** With a place its other rows, whosever they are, change hands. */
    private static Set<Frontend> withOtherScopes(
            Index<Frontend, ServiceName, ServedService> claims, Set<Frontend> touched) {
        var all = new HashSet<>(touched);
        for (var frontend : touched) {
            Arrays.stream(ServiceScope.values())
                    .map(frontend::in)
                    .filter(other -> !claims.keys(other).isEmpty())
                    .forEach(all::add);
        }
        return all;
    }

    private static Optional<ServedService> owner(
            Index<Frontend, ServiceName, ServedService> claims,
            Table<ServiceName, ServedService> services,
            Frontend frontend) {
        var place = frontend.in(ServiceScope.EVERYBODY);
        var claimants = claims.keys(place).stream().flatMap(name -> services.snapshot().get(name).stream());
        return OwnerPlan.owner(claimants, place);
    }

    private static ServiceEntry entry(BackendSet set) {
        var rows = new ArrayList<ServiceBackend>();
        var weights = WeightPlan.perBackend(set);
        set.active().forEach(backend -> rows.add(row(backend, BackendState.ACTIVE, weights.get(backend.cluster()))));
        set.draining().forEach(backend -> rows.add(row(backend, BackendState.TERMINATING, 1)));
        set.dead().forEach(backend -> rows.add(row(backend, BackendState.QUARANTINED, 1)));
        return new ServiceEntry(rows, true, set.clients());
    }

    private static ServiceBackend row(Backend backend, BackendState state, int weight) {
        var place = backend.endpoint();
        return new ServiceBackend(place.address(), place.port(), backend.clusterId(), state, weight);
    }

    private static ServiceName name(ObjectKey key) {
        return new ServiceName(key.namespace(), key.name());
    }

    private static Set<ServiceName> names(Collection<ObjectKey> keys) {
        return keys.stream().map(ServiceDerivations::name).collect(Collectors.toSet());
    }
}

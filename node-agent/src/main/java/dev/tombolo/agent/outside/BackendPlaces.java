package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps planned where the backends are that serve clients outside: of all such services, so that what was handed on still
 * is when a service's answers no longer come directly.
 */
final class BackendPlaces {
    private final MeshTables mesh;
    private final Table<String, NodeNetwork> network;
    private final String own;
    private final Index<IpAddress, ServiceName, ServedService> services;
    private final Index<IpAddress, ObjectKey, KubeEndpointSlice> slices;

    /** @param own this node's name */
    BackendPlaces(MeshTables mesh, Table<String, NodeNetwork> network, String own) {
        this.mesh = mesh;
        this.network = network;
        this.own = own;
        services = new Index<>(mesh.services, (_, service) -> service.backendsOfOutside());
        slices = new Index<>(
                mesh.slices,
                (_, slice) -> slice.endpoints().stream()
                        .map(KubeEndpointSlice.Endpoint::address)
                        .collect(Collectors.toSet()));
    }

    Derivation<IpAddress, BackendPlace> into(Table<IpAddress, BackendPlace> places) {
        return Derivation.into(places)
                .from(mesh.services, services::update)
                .from(mesh.slices, slices::update)
                .fromAll(mesh.kubeNodes)
                .fromAll(network)
                .keys(() -> {
                    slices.rebuild();
                    return services.rebuild();
                })
                .row(this::row)
                .start();
    }

    private Optional<BackendPlace> row(IpAddress backend) {
        var network = this.network.snapshot().get(MeshTables.OWN);
        if (network.isEmpty() || services.keys(backend).isEmpty()) {
            return Optional.empty();
        }
        return nodeOf(backend)
                .flatMap(name -> mesh.kubeNodes
                        .snapshot()
                        .get(name)
                        .flatMap(node -> PlacePlan.place(backend, node, name.equals(own), network.get())));
    }

    private Optional<String> nodeOf(IpAddress backend) {
        var rows = mesh.slices.snapshot();
        return slices.keys(backend).stream()
                .flatMap(key -> rows.get(key).stream())
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> endpoint.address().equals(backend)
                        && !endpoint.nodeName().isEmpty())
                .map(KubeEndpointSlice.Endpoint::nodeName)
                .findFirst();
    }
}

package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps planned where the backends are that serve clients outside, also those of clusters whose nodes answer for this one:
 * of all such services, so that what was handed on still is when a service's answers no longer come directly.
 */
final class BackendPlaces {
    private final MeshTables mesh;
    private final Table<String, NodeNetwork> network;
    private final NodeId own;
    private final Index<IpAddress, ServiceName, ServedService> services;
    private final Index<IpAddress, ObjectKey, KubeEndpointSlice> slices;

    /** @param own this node */
    BackendPlaces(MeshTables mesh, Table<String, NodeNetwork> network, NodeId own) {
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
                .from(mesh.paths, List::of)
                .fromAll(mesh.kubeNodes)
                .fromAll(mesh.believed.nodes())
                .fromAll(mesh.routes)
                .fromAll(mesh.ownTunnel)
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
                        .flatMap(node -> PlacePlan.place(backend, node, name.equals(own.name()), network.get())))
                .or(() -> ofOtherCluster(backend, network.get()));
    }

    private Optional<BackendPlace> ofOtherCluster(IpAddress backend, NodeNetwork network) {
        return mesh.paths
                .snapshot()
                .get(backend)
                .filter(path -> path.delivery().equals(backend))
                .flatMap(path -> mesh.believed.nodes().snapshot().get(path.node()))
                .filter(node -> !node.answers().of(own.cluster()).isEmpty())
                .flatMap(_ -> mesh.routes.snapshot().toMap().entrySet().stream()
                        .filter(route -> route.getKey().contains(backend))
                        .findFirst())
                .flatMap(route -> PlacePlan.throughTunnel(route.getValue(), network));
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

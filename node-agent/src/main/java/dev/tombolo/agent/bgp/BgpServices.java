package dev.tombolo.agent.bgp;

import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.mesh.RemoteService;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.bgp.plan.BgpService;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Keeps services planned as routers are concerned with them, service by service. */
final class BgpServices {
    private final MeshTables mesh;
    private final Served served;
    private final String node;
    private final Index<ServiceName, ObjectKey, KubeEndpointSlice> slices;
    private final Index<Frontend, ServiceName, ServedService> frontends;

    /** @param node this node's name */
    BgpServices(MeshTables mesh, Served served, String node) {
        this.mesh = mesh;
        this.served = served;
        this.node = node;
        frontends = new Index<>(mesh.services, (_, service) -> service.ports().keySet());
        slices = new Index<>(mesh.slices, (_, slice) -> List.of(name(slice.service())));
    }

    Derivation<ServiceName, BgpService> into(Table<ServiceName, BgpService> services) {
        return Derivation.into(services)
                .from(mesh.kubeServices, key -> List.of(name(key)))
                .from(mesh.slices, slices::update)
                .from(mesh.services, this::taken)
                .from(served.frontends(), frontends::keys)
                .fromAll(served.outside())
                .from(mesh.believed.services(), key -> List.of(key.name()))
                .keys(this::all)
                .row(this::row)
                .start();
    }

    private Set<ServiceName> all() {
        slices.rebuild();
        frontends.rebuild();
        var names = new TreeSet<ServiceName>();
        mesh.kubeServices.snapshot().forEach(row -> names.add(name(row.getKey())));
        return names;
    }

    private List<ServiceName> taken(ServiceName name) {
        frontends.update(name);
        return List.of(name);
    }

    private Optional<BgpService> row(ServiceName name) {
        var ours = mesh.services.snapshot().get(name);
        return mesh.kubeServices
                .snapshot()
                .get(new ObjectKey(name.namespace(), name.name()))
                .filter(service -> service.type() != KubeService.Type.EXTERNAL_NAME && !service.headless())
                .map(service -> BgpServicePlan.service(
                        service,
                        slices(name),
                        RemoteService.named(mesh.believed.services(), name),
                        ours.filter(ServedService::global).isPresent(),
                        served.isProxied(ours),
                        ours.map(row -> served.pending(row, ofOutside(service))).orElse(Set.of()),
                        node));
    }

    private static List<IpAddress> ofOutside(KubeService service) {
        return Stream.concat(service.loadBalancerIps().stream(), service.outside().externalIps().stream())
                .toList();
    }

    private List<KubeEndpointSlice> slices(ServiceName name) {
        var rows = mesh.slices.snapshot();
        return slices.keys(name).stream().flatMap(key -> rows.get(key).stream()).toList();
    }

    private static ServiceName name(ObjectKey key) {
        return new ServiceName(key.namespace(), key.name());
    }
}

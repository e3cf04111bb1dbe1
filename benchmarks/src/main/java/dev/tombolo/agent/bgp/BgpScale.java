package dev.tombolo.agent.bgp;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** An agent's way from endpoints to routes, with many services that have one backend each, and nothing else around it. */
public final class BgpScale implements AutoCloseable {
    private static final NodeId OWN = new NodeId(new ClusterName("west"), "n1");
    private static final int FIRST = 0x0b00_0000;

    private final MeshTables mesh = new MeshTables();
    private final Served served = new Served(ServedServices.GLOBAL, new Table<>("frontends"), new Table<>("outside"));
    private final BgpTables tables = new BgpTables(new Table<>("held egress addresses"), served);
    private final List<Derivation<?, ?>> derivations = new ArrayList<>();
    private final Reconciler<RouteKey, PathAttributes> routes;

    /** @param services of addresses from 11.0.0.0 on */
    public BgpScale(int services, List<BgpPeer> peers, Target<RouteKey, PathAttributes> target) {
        declare(peers);
        var objects = new HashMap<ObjectKey, KubeService>();
        var slices = new HashMap<ObjectKey, KubeEndpointSlice>();
        for (int i = 0; i < services; i++) {
            objects.put(name(i), service(i));
            slices.put(name(i), slice(i, true));
        }
        mesh.kubeServices.apply(objects, Set.of());
        mesh.slices.apply(slices, Set.of());
        mesh.kubeNodes.markInitialized();
        mesh.kubeServices.markInitialized();
        mesh.slices.markInitialized();
        mesh.services.markInitialized();
        mesh.believed.services().markInitialized();
        served.frontends().markInitialized();
        served.outside().markInitialized();
        tables.egress.markInitialized();
        derivations.add(new BgpServices(mesh, served, OWN.name()).into(tables.services));
        derivations.addAll(new BgpRouteDerivations(mesh, tables, OWN, Clock.systemUTC()).start());
        routes = new Reconciler<>(
                        tables.routes, target, Duration.ofMinutes(1), Clock.systemUTC(), RandomGenerator.getDefault())
                .start();
    }

    private void declare(List<BgpPeer> peers) {
        var planned = new TreeMap<PeerId, PlannedPeer>();
        peers.forEach(peer -> planned.put(
                peer.id(),
                new PlannedPeer(
                        peer,
                        "rack0",
                        Optional.empty(),
                        Map.of(BgpFamily.IPV4, LabelSelector.EVERYTHING),
                        Map.of(BgpFamily.IPV4, peer.localAddress()),
                        Optional.empty(),
                        Optional.empty())));
        tables.peers.put(MeshTables.OWN, new PlannedPeers(Optional.of("rack0"), planned, List.of()));
        var entry = new BgpAdvertisementSpec.Entry(
                "Service",
                Optional.of(new BgpAdvertisementSpec.Service(
                        List.of("LoadBalancerIP"), Optional.empty(), Optional.empty())),
                Optional.empty(),
                Optional.of(new SelectorSpec(Map.of(), List.of())),
                Optional.empty());
        var head = new ObjectHead("all", "", 1, Optional.empty(), Map.of(), Map.of());
        tables.advertisements.put(
                "all",
                new BgpAdvertisementObject(head, new BgpAdvertisementSpec(List.of(entry)), Optional.empty(), null));
        mesh.kubeNodes.put(
                OWN.name(),
                new KubeNode(OWN.name(), "", Map.of(), Map.of(), List.of(), List.of(), List.of(), true, "", false));
        tables.peers.markInitialized();
        tables.advertisements.markInitialized();
        tables.network.markInitialized();
    }

    /** The only backend of a service, which is on this node, comes or goes. */
    public void backend(int service, boolean alive) {
        mesh.slices.put(name(service), slice(service, alive));
    }

    public int routes() {
        return routes.applied().snapshot().size();
    }

    private static ObjectKey name(int service) {
        return new ObjectKey("shop", "s" + service);
    }

    private static KubeService service(int number) {
        return new KubeService(
                name(number),
                "",
                Map.of(),
                Map.of(),
                KubeService.Type.LOAD_BALANCER,
                List.of(IpAddress.v4(0x0a60_0000 + number)),
                List.of(IpAddress.v4(FIRST + number)),
                List.of(),
                Map.of(),
                false,
                false,
                0,
                LoadBalancing.NONE,
                new OutsideAccess(List.of(), true, Optional.empty()),
                false);
    }

    private static KubeEndpointSlice slice(int number, boolean ready) {
        var backend = new KubeEndpointSlice.Endpoint(
                IpAddress.v4(0x0a01_0000 + number), ready, ready, false, OWN.name(), "", "", "");
        return new KubeEndpointSlice(
                name(number), name(number), KubeEndpointSlice.Family.IPV4, "", Map.of(), List.of(backend), List.of());
    }

    @Override
    public void close() {
        derivations.forEach(Derivation::close);
        routes.close();
    }
}

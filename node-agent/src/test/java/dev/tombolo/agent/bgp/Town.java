package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.address.HeldAddress;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.probe.PathState;
import dev.tombolo.bgp.plan.BgpService;
import dev.tombolo.bgp.plan.EgressOffer;
import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.bgp.plan.RouteInput;
import dev.tombolo.bgp.plan.RoutePlan;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tables of node n1 of cluster west, in which one thing after the other changes by chance, and what they come to. */
final class Town {
    static final NodeId OWN = new NodeId(new ClusterName("west"), "n1");
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<String> ADDRESSES = List.of(
            "203.0.113.10", "203.0.113.11", "203.0.113.12", "192.0.2.1", "127.0.0.1", "2001:db8:9::1", "2001:db8:9::2");

    final MeshTables mesh = new MeshTables();
    final Table<IpAddress, HeldAddress> egress = new Table<>("held egress addresses");
    final BgpTables tables =
            new BgpTables(egress, new Served(ServedServices.GLOBAL, new Table<>("frontends"), new Table<>("outside")));
    private final Random random;
    private String pods = "10.1.0.0/24";
    private Optional<String> drain = Optional.empty();
    private volatile Instant now = START;
    final Clock clock = new Ours();

    Town(Random random) {
        this.random = random;
        egress.markInitialized();
        tables.peers.markInitialized();
        tables.advertisements.markInitialized();
        tables.services.markInitialized();
        tables.network.markInitialized();
        mesh.kubeNodes.markInitialized();
        mesh.kubeNodes.put("n1", node(pods, drain));
        tables.peers.put(MeshTables.OWN, peers());
        for (int i = 0; i < 3; i++) {
            advertisement();
            service();
        }
    }

    /** Exactly one row of one table, and of it what either routes or those who are told follow from. */
    void change() {
        List<Runnable> all = List.of(
                this::service,
                this::service,
                this::service,
                () -> tables.services.remove(serviceName()),
                this::advertisement,
                () -> tables.advertisements.remove("ad" + random.nextInt(4)),
                () -> tables.peers.put(MeshTables.OWN, peers()),
                this::path,
                this::pods,
                this::drained,
                () -> mesh.kubeNodes.put("n2", node("10.2.0.0/24", drain())),
                this::network,
                this::egress,
                () -> egress.remove(address()),
                this::later);
        pick(all).run();
    }

    PlannedRoutes whole() {
        var node = mesh.kubeNodes.snapshot().get("n1").orElseThrow();
        return RoutePlan.plan(new RouteInput(
                tables.peers.snapshot().get(MeshTables.OWN).orElseThrow(),
                tables.advertisements
                        .snapshot()
                        .values()
                        .flatMap(found -> found.reading().advertisement().stream())
                        .toList(),
                new RouteInput.Node(
                        node.podCidrs(),
                        tables.network
                                .snapshot()
                                .get(MeshTables.OWN)
                                .map(BgpNetworkPlan::interfaces)
                                .orElse(Map.of())),
                new RouteInput.Mesh(OWN.cluster(), unreachable()),
                tables.services.snapshot().values().toList(),
                offers(),
                new RouteInput.Drain(
                        Optional.ofNullable(node.annotations().get(BgpDrain.ANNOTATION))
                                .map(BgpDrain::parse),
                        now)));
    }

    private List<EgressOffer> offers() {
        return egress.snapshot().stream()
                .map(held -> new EgressOffer(
                        held.getKey(),
                        held.getValue().pool(),
                        held.getValue().labels(),
                        held.getValue().epoch()))
                .toList();
    }

    private void egress() {
        var epoch = random.nextBoolean() ? OptionalLong.of(random.nextInt(3)) : OptionalLong.empty();
        egress.put(address(), new HeldAddress(Optional.empty(), Map.of(), epoch));
    }

    private Set<ClusterName> unreachable() {
        return mesh.pathStates.snapshot().stream()
                        .anyMatch(path -> path.getValue().isDead())
                ? Set.of(new ClusterName("east"))
                : Set.of();
    }

    private void pods() {
        pods = "10.1.%d.0/24".formatted(random.nextInt(2));
        mesh.kubeNodes.put("n1", node(pods, drain));
    }

    private void drained() {
        drain = drain();
        mesh.kubeNodes.put("n1", node(pods, drain));
    }

    private void path() {
        mesh.pathStates.put(
                new NodeId(new ClusterName("east"), "e1"),
                new PathState(
                        random.nextBoolean() ? PathState.Answer.ANSWERS : PathState.Answer.DEAD,
                        START.plusSeconds(random.nextInt(100))));
    }

    private void network() {
        var link = new Link(1, "lo", 1500, random.nextInt(4) > 0, Optional.empty());
        tables.network.put(
                MeshTables.OWN,
                new NodeNetwork(
                        List.of(link),
                        List.of(InterfaceAddress.host("lo", IpAddress.parse("198.51.100." + random.nextInt(3)))),
                        List.of()));
    }

    private void later() {
        now = now.plusSeconds(random.nextInt(30));
        tables.time.put(MeshTables.OWN, now);
    }

    private Optional<String> drain() {
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(now.plusSeconds(random.nextInt(20) - 10) + "/PT" + random.nextInt(30) + "S");
    }

    private static KubeNode node(String pods, Optional<String> drain) {
        Map<String, String> annotations =
                drain.map(text -> Map.of(BgpDrain.ANNOTATION, text)).orElse(Map.of());
        return new KubeNode(
                "n1", "", Map.of(), annotations, List.of(Prefix.parse(pods)), List.of(), List.of(), true, "", false);
    }

    private PlannedPeers peers() {
        var peers = new TreeMap<PeerId, PlannedPeer>();
        add(peers, peer("tor", 64501, "192.0.2.1", EnumSet.allOf(BgpFamily.class)));
        add(peers, peer("rr", 64500, "192.0.2.2", EnumSet.of(BgpFamily.IPV4)));
        add(peers, peer("spine", 64502, "192.0.2.3", EnumSet.allOf(BgpFamily.class)));
        return new PlannedPeers(Optional.of("rack0"), peers, List.of());
    }

    private void add(Map<PeerId, PlannedPeer> peers, PlannedPeer peer) {
        if (random.nextInt(4) > 0) {
            peers.put(peer.session().id(), peer);
        }
    }

    private PlannedPeer peer(String name, long asn, String address, Set<BgpFamily> families) {
        var session = new BgpPeer(
                new PeerId("a", name),
                new Asn(64500),
                new Asn(asn),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse(address),
                179,
                Duration.ofSeconds(9),
                1,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(families));
        var advertisements = new HashMap<BgpFamily, LabelSelector>();
        var heard = LabelSelector.of(random.nextBoolean() ? Map.of() : Map.of("tier", pick(List.of("0", "1"))));
        families.forEach(family -> advertisements.put(family, heard));
        return new PlannedPeer(
                session,
                "rack0",
                Optional.empty(),
                advertisements,
                Map.of(
                        BgpFamily.IPV4,
                        IpAddress.parse("192.0.2." + (11 + random.nextInt(2))),
                        BgpFamily.IPV6,
                        IpAddress.parse("2001:db8::11")),
                Optional.empty(),
                random.nextInt(4) == 0 ? drain().map(BgpDrain::parse) : Optional.empty());
    }

    private void advertisement() {
        String name = "ad" + random.nextInt(4);
        var annotations = Map.of(
                "bgp.tombolo.dev/remote-backends", pick(List.of("withdraw", "advertise", "prepend")),
                "bgp.tombolo.dev/med", Integer.toString(random.nextInt(3)));
        var head = new ObjectHead(name, "", 1, Optional.empty(), Map.of("tier", pick(List.of("0", "1"))), annotations);
        tables.advertisements.put(
                name,
                new BgpAdvertisementObject(
                        head, new BgpAdvertisementSpec(List.of(entry(), entry())), Optional.empty(), null));
    }

    private Entry entry() {
        Optional<Integer> length = random.nextBoolean() ? Optional.empty() : Optional.of(28 + random.nextInt(4));
        return switch (random.nextInt(6)) {
            case 0 -> new Entry("PodCIDR", null, null, null, null);
            case 1 -> new Entry("Interface", null, Optional.of(new BgpAdvertisementSpec.Device("lo")), null, null);
            case 2 -> new Entry("EgressIP", null, null, Optional.of(new SelectorSpec(Map.of(), List.of())), null);
            default ->
                new Entry(
                        pick(List.of("Service", "MeshService")),
                        Optional.of(new BgpAdvertisementSpec.Service(
                                List.of(pick(List.of(ServiceAddress.values())).name()), length, Optional.empty())),
                        null,
                        Optional.of(new SelectorSpec(Map.of(), List.of())),
                        null);
        };
    }

    private ServiceName serviceName() {
        return new ServiceName("shop", "s" + random.nextInt(6));
    }

    private void service() {
        var name = serviceName();
        var addresses = Map.of(
                ServiceAddress.LoadBalancerIP, List.of(address()),
                ServiceAddress.ClusterIP, List.of(address()),
                ServiceAddress.ExternalIP, List.of(address(), address()));
        tables.services.put(
                name,
                new BgpService(
                        name,
                        Map.of(),
                        Optional.empty(),
                        addresses,
                        random.nextInt(3) == 0,
                        random.nextInt(3) == 0,
                        random.nextBoolean(),
                        random.nextInt(4) > 0,
                        new BgpService.Backends(
                                random.nextInt(2),
                                random.nextInt(3),
                                Map.of(new ClusterName("east"), random.nextInt(2))),
                        random.nextInt(4) == 0 ? Set.of(address()) : Set.of()));
    }

    private IpAddress address() {
        return IpAddress.parse(pick(ADDRESSES));
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private final class Ours extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

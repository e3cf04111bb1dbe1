package dev.tombolo.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.service.ServicePlan;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service leads only to where peer, route and ipcache entry are, at every step, whatever the mesh tells and when. */
class RemovalOrderTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final ServiceName SHOP = new ServiceName("shop", "web");
    private static final int NODES = 4;
    private static final int DELTAS = 400;
    private static final List<String> MOVING = List.of("10.2.9.1", "10.2.9.2", "10.2.9.3", "10.2.10.4");
    /** Pods that move, pods in the range of a node, and a host-network backend. */
    private static final List<String> BACKENDS = Stream.concat(
                    MOVING.stream(), Stream.of("10.2.1.5", "10.2.2.6", "192.0.2.13"))
            .toList();

    private final KernelInOrder kernel = new KernelInOrder();
    private MeshTables tables;
    private MeshPlans plans;

    @BeforeEach
    void start() {
        var before = Optional.ofNullable(tables);
        tables = new MeshTables();
        before.ifPresent(this::read);
        var self = new ServicePlan.Self(
                new ClusterName("east"), new ClusterId(1), dev.tombolo.model.service.GlobalNamespaces.DEFAULT);
        plans = new MeshPlans(
                tables,
                self,
                Prefix.parse("100.64.64.0/18"),
                Duration.ZERO,
                kernel.targets(),
                (_, _) -> {},
                Clock.systemUTC());
        tables.ownTunnel.put(MeshTables.OWN, new OwnTunnel("wg", Optional.of(IpAddress.parse("100.64.64.1")), 1420));
        tables.namespaces.put("shop", new KubeNamespace("shop", Map.of(), Map.of()));
        tables.kubeServices.put(new ObjectKey("shop", "web"), service());
        tables.meshPeers.markInitialized();
        tables.ownTunnel.markInitialized();
        tables.kubeNodes.markInitialized();
        tables.namespaces.markInitialized();
        tables.kubeServices.markInitialized();
        tables.slices.markInitialized();
        tables.heard.markInitialized();
    }

    /** What the mesh says outlives the agent. */
    private void read(MeshTables before) {
        tables.meshPeers.replaceAll(before.meshPeers.snapshot().toMap());
        tables.heard.nodes().replaceAll(before.heard.nodes().snapshot().toMap());
        tables.heard.endpoints().replaceAll(before.heard.endpoints().snapshot().toMap());
        tables.heard.services().replaceAll(before.heard.services().snapshot().toMap());
    }

    @AfterEach
    void stop() {
        plans.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyBackendHasItsPathAtEveryStep(long seed) {
        var random = new Random(seed);
        everything();
        for (int i = 0; i < DELTAS; i++) {
            delta(random);
            for (int turns = random.nextInt(40); turns > 0; turns--) {
                Thread.yield();
            }
        }
        kernel.all().forEach(rows -> rows.refuse(false));
        everything();
        awaitServed(BACKENDS);
        aRangeIsTakenAndCannotBeGivenBackAtOnce();
        awaitServed(BACKENDS);
        nothing();
        awaitEmpty();
        assertThat(kernel.violations()).isEmpty();
    }

    @Test
    void aNodeLeavesAfterItsBackendsHave() {
        everything();
        awaitServed(BACKENDS);
        kernel.services.refuse(true);
        tables.heard.nodes().remove(id(1));
        await().until(() -> !plans.reconcilers().get("frontends").failures().isEmpty());
        assertThat(kernel.peers.now()).containsKey(key(1));
        kernel.services.refuse(false);
        await().until(() -> !kernel.peers.now().containsKey(key(1)));
        assertThat(kernel.violations()).isEmpty();
    }

    @Test
    void aPodThatMovesIsCarriedByItsNewNodeThoughServicesCannotBeWritten() {
        everything();
        awaitServed(BACKENDS);
        kernel.services.refuse(true);
        var pod = Prefix.parse(MOVING.getFirst());
        endpoint(pod.toString(), 4);
        await().until(() -> kernel.peers.now().get(key(4)).allowed().contains(pod));
        assertThat(kernel.peers.now().get(key(3)).allowed()).doesNotContain(pod);
        assertThat(kernel.violations()).isEmpty();
    }

    @Test
    void anAgentThatRestartsTakesNothingAwayThatServicesLeadTo() {
        everything();
        awaitServed(BACKENDS);
        stop();
        kernel.services.refuse(true);
        tables.heard.nodes().remove(id(1));
        tables.heard.endpoints().remove(new RemotePrefix(WEST, Prefix.parse("10.2.2.6")));
        start();
        await().until(() -> !plans.reconcilers().get("frontends").failures().isEmpty());
        assertThat(kernel.peers.now()).containsKey(key(1));
        assertThat(kernel.ipcache.now()).containsKey(Prefix.parse("10.2.2.6"));
        kernel.services.refuse(false);
        await().until(() ->
                !kernel.peers.now().containsKey(key(1)) && !kernel.ipcache.now().containsKey(Prefix.parse("10.2.2.6")));
        assertThat(kernel.violations()).isEmpty();
    }

    private void aRangeIsTakenAndCannotBeGivenBackAtOnce() {
        node(2, List.of(range(1), range(2)));
        await().until(() -> kernel.peers.now().get(key(2)).allowed().contains(range(1)));
        kernel.peers.refuse(true);
        node(2, true);
        await().until(() -> plans.reconcilers().get("peers").failures().containsKey(key(2)));
        kernel.peers.refuse(false);
    }

    private void everything() {
        declare("10.2.0.0/16");
        IntStream.rangeClosed(1, NODES).forEach(node -> node(node, node <= 2));
        endpoint("10.2.1.5", 1);
        endpoint("10.2.2.6", 2);
        MOVING.forEach(pod -> endpoint(pod, 3));
        announce(BACKENDS);
    }

    private void nothing() {
        var heard = tables.heard;
        heard.nodes().replaceAll(Map.of());
        heard.endpoints().replaceAll(Map.of());
        heard.services().replaceAll(Map.of());
        tables.meshPeers.replaceAll(Map.of());
    }

    private void delta(Random random) {
        int node = 1 + random.nextInt(NODES);
        String pod = BACKENDS.get(random.nextInt(BACKENDS.size() - 1));
        switch (random.nextInt(15)) {
            case 0, 1 -> tables.heard.nodes().remove(id(node));
            case 2, 3 -> node(node, node <= 2);
            case 4 -> node(node, false);
            case 5, 6 -> endpoint(pod, node);
            case 7 -> tables.heard.endpoints().remove(new RemotePrefix(WEST, Prefix.parse(pod)));
            case 8 ->
                announce(BACKENDS.stream().filter(_ -> random.nextBoolean()).toList());
            case 9 -> announce(BACKENDS);
            case 10 -> declare(random.nextBoolean() ? "10.2.0.0/16" : "10.2.9.0/24");
            // Another node wants the same range, and takes it.
            case 11 -> node(2, List.of(range(1), range(2)));
            case 12, 13 -> kernel.all().get(random.nextInt(kernel.all().size())).refuse(random.nextInt(3) == 0);
            default -> seldom(random);
        }
    }

    private void seldom(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> tables.meshPeers.remove("west");
            case 1 -> {
                stop();
                start();
            }
            default -> everything();
        }
    }

    /** Twice the longest wait for a retry: on a busy machine a row may have been refused often before it is not any more. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private void awaitServed(List<String> backends) {
        var wanted = backends.stream()
                .map(address -> address.equals("192.0.2.13") ? "100.64.128.3" : address)
                .map(IpAddress::parse)
                .collect(Collectors.toSet());
        await().untilAsserted(() -> assertThat(kernel.services.now().values().stream()
                        .flatMap(entry -> entry.backends().stream())
                        .map(backend -> backend.address())
                        .collect(Collectors.toSet()))
                .isEqualTo(wanted));
        await().untilAsserted(() ->
                assertThat(kernel.peers.now()).isEqualTo(tables.peers.snapshot().toMap()));
        await().untilAsserted(() -> assertThat(kernel.ipcache.now().keySet())
                .isEqualTo(tables.ipcache.snapshot().toMap().keySet()));
    }

    private void awaitEmpty() {
        await().untilAsserted(() -> assertThat(List.of(kernel.peers.now(), kernel.routes.now(), kernel.ipcache.now()))
                .allMatch(Map::isEmpty));
    }

    private void declare(String podRange) {
        var spec = new MeshPeerObject.Spec(
                2,
                List.of("https://192.0.2.1:32379"),
                "",
                "",
                "",
                List.of(podRange),
                List.of("192.0.2.0/24"),
                "100.64.128.0/18",
                255,
                Optional.empty());
        tables.meshPeers.put("west", new MeshPeerObject("west", "u", 1, false, Map.of(), spec, null));
    }

    private static NodeId id(int node) {
        return new NodeId(WEST, "n" + node);
    }

    private static WireGuardKey key(int node) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) node);
        return WireGuardKey.of(bytes);
    }

    private void node(int node, boolean withRange) {
        node(node, withRange ? List.of(range(node)) : List.of());
    }

    private static Prefix range(int node) {
        return Prefix.parse("10.2." + node + ".0/24");
    }

    private void node(int node, List<Prefix> ranges) {
        tables.heard
                .nodes()
                .put(
                        id(node),
                        new MeshNode(
                                id(node),
                                new ClusterId(2),
                                List.of(IpAddress.parse("192.0.2.1" + node)),
                                List.of(),
                                List.of(IpAddress.parse("100.64.128." + node)),
                                ranges,
                                Optional.of(key(node)),
                                51871,
                                Map.of(),
                                ""));
    }

    private void endpoint(String pod, int node) {
        var prefix = Prefix.parse(pod);
        tables.heard
                .endpoints()
                .put(
                        new RemotePrefix(WEST, prefix),
                        new MeshEndpoint(
                                prefix,
                                Optional.of(IpAddress.parse("192.0.2.1" + node)),
                                new SecurityIdentity((2 << 16) + 7),
                                255,
                                new MeshEndpoint.Pod("shop", "web", "", ""),
                                List.of()));
    }

    private void announce(List<String> backends) {
        var port = Map.of("http", new ServicePort(Protocol.TCP, 8080));
        var ports = backends.stream().map(IpAddress::parse).collect(Collectors.toMap(Function.identity(), _ -> port));
        tables.heard
                .services()
                .put(
                        new RemoteService(SHOP, WEST),
                        new MeshService(
                                WEST, new ClusterId(2), SHOP, Map.of(), ports, Map.of(), Map.of(), Map.of(), Map.of()));
    }

    private static KubeService service() {
        var key = new ObjectKey("shop", "web");
        return new KubeService(
                key,
                "u",
                Map.of(),
                Map.of("service.cilium.io/global", "true"),
                KubeService.Type.CLUSTER_IP,
                List.of(IpAddress.parse("10.96.0.7")),
                List.of(),
                List.of(new KubeService.Port("http", Protocol.TCP, 80, "8080", 0)),
                Map.of(),
                false,
                false,
                0,
                LoadBalancing.NONE);
    }
}

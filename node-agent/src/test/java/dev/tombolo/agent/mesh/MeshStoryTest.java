package dev.tombolo.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.probe.PathState;
import dev.tombolo.agent.service.ServicePlan;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.protocol.EndpointCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.protocol.NodeCodec;
import dev.tombolo.kvstore.protocol.ServiceCodec;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
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
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.testkit.script.Script;
import dev.tombolo.testkit.script.ScriptRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole agent, with tables instead of Kubernetes; here on twins of etcd and of the kernel. */
class MeshStoryTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final ClusterId WEST_ID = new ClusterId(2);
    private static final Map<BackendState, String> STATE_WORDS =
            Map.of(BackendState.ACTIVE, "", BackendState.TERMINATING, " draining", BackendState.QUARANTINED, " dead");
    private static final Clock CLOCK = Clock.systemUTC();

    private Surroundings around;
    private MeshTables tables = new MeshTables();
    private MeshPlans.Targets targets;
    private Refusable<Prefix, IpcacheEntry> ipcache;
    private final Map<String, List<Duration>> times = new ConcurrentHashMap<>();
    private MeshPlans plans;
    private FollowedClusters clusters;
    private Reconciler<ClusterName, Boolean> following;

    Surroundings surroundings() throws IOException {
        return new TwinSurroundings();
    }

    @BeforeEach
    void surround() throws IOException {
        around = surroundings();
        start();
    }

    private void start() throws IOException {
        var behind = around.targets(tables);
        ipcache = new Refusable<>(behind.ipcache());
        targets = new MeshPlans.Targets(behind.peers(), behind.routes(), behind.nft(), ipcache, behind.services());
        var self = new ServicePlan.Self(new ClusterName("east"), new ClusterId(1), GlobalNamespaces.DEFAULT);
        plans = new MeshPlans(
                tables, self, Prefix.parse("100.64.64.0/18"), Duration.ofMillis(200), targets, this::took, CLOCK);
        clusters =
                new FollowedClusters(around, tables.heard, tables.wanted, FollowPace.DEFAULT, CLOCK, tables.refusals);
        following = new Reconciler<>(
                        tables.wanted, clusters, Duration.ofMillis(50), CLOCK, RandomGenerator.getDefault())
                .start();
        tables.ownTunnel.put(
                MeshTables.OWN, new OwnTunnel(around.device(), Optional.of(IpAddress.parse("100.64.64.1")), 1420));
        tables.ownTunnel.markInitialized();
        tables.kubeNodes.markInitialized();
        tables.namespaces.put("shop", new KubeNamespace("shop", Map.of(), Map.of()));
        tables.namespaces.markInitialized();
    }

    @AfterEach
    void leave() throws IOException {
        if (around != null) {
            stop();
            around.close();
        }
    }

    private void stop() {
        following.close();
        clusters.close();
        plans.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services-before-nodes",
                "peer-lost-keeps-backends",
                "disconnect-removes",
                "affinity",
                "host-network",
                "mesh-server-lost-a-peer",
                "refused-rows-are-counted",
                "restart-without-mesh-server",
                "disconnect-during-restart",
                "dead-path",
                "dead-paths-empty-no-service",
                "dead-path-during-restart"
            })
    void story(String name) throws Exception {
        runner().play(Script.read(Path.of("src/test/scripts/" + name + ".script")));
    }

    /** The change is dated back, so that a plan on the way that forgot when it began would show. */
    @Test
    void aChangeIsTimedFromWhereItIsSeenToTheServiceMap() throws Exception {
        runner().play(Script.read(Path.of("src/test/scripts/services-before-nodes.script")));
        var hour = Duration.ofHours(1);
        var services = tables.heard.services();
        var gone = services.snapshot().stream().findFirst().orElseThrow().getKey();
        services.apply(Map.of(), Set.of(gone), System.nanoTime() - hour.toNanos());
        await().until(() -> times.getOrDefault(tables.frontends.name(), List.of()).stream()
                .anyMatch(time -> time.compareTo(hour) >= 0));
    }

    private void took(String table, Duration time) {
        times.computeIfAbsent(table, _ -> new CopyOnWriteArrayList<>()).add(time);
    }

    private ScriptRunner runner() {
        return new ScriptRunner()
                .show("services", this::shownServices)
                .show(
                        "peers",
                        () -> rows(targets.peers()).values().stream()
                                .map(peer -> peer.endpoint() + " " + peer.allowed())
                                .collect(Collectors.joining("\n")))
                .show(
                        "ipcache",
                        () -> rows(ipcache).entrySet().stream()
                                .map(row -> row.getKey() + " " + row.getValue().identity())
                                .collect(Collectors.joining("\n")))
                .with("sync", (_, _) -> {
                    tables.meshPeers.markInitialized();
                    tables.kubeServices.markInitialized();
                    tables.slices.markInitialized();
                })
                .with("peer/declare", (_, _) -> declare())
                .with("peer/delete", (_, _) -> tables.meshPeers.remove("west"))
                .with("etcd/canaries", (_, _) -> canaries())
                .with("etcd/node", (_, line) -> node(line.words()))
                .with("etcd/ip", (_, line) -> ip(line.words()))
                .with(
                        "etcd/remove-ip",
                        (_, line) -> commit(new Write.Delete(MeshKeys.cache(Kind.IPS, WEST)
                                + EndpointCodec.leaf(Prefix.parse(line.words().get(0))))))
                .with(
                        "etcd/raw-ip",
                        (_, line) -> write(
                                MeshKeys.cache(Kind.IPS, WEST) + line.words().get(0),
                                Value.of(line.words().get(1))))
                .with("etcd/service", (_, line) -> service(line.words()))
                .show("states", this::shownStates)
                .show("refused", () -> tables.refusals.counts().toString())
                .with("etcd/peer-state", (_, line) -> peerState(line.words()))
                .with("agent/restart", (_, _) -> {
                    stop();
                    tables = new MeshTables();
                    start();
                })
                .with("agent/keep", (_, _) -> {
                    await().until(tables.declared::initialized);
                    plans.keepServices();
                })
                .with("agent/let-go", (_, _) -> {
                    await().until(tables.frontends::initialized);
                    plans.letGoOfKept();
                })
                .with("path/dead", (_, line) -> path(line.words().get(0), PathState.Answer.DEAD))
                .with("path/answers", (_, line) -> path(line.words().get(0), PathState.Answer.ANSWERS))
                .with("etcd/cut", (_, _) -> around.cut())
                .with("etcd/heal", (_, _) -> around.heal())
                .with("kube/service", (_, line) -> kubeService(line.words()))
                .with("kube/slice", (_, line) -> slice(line.words()))
                .with(
                        "refuse",
                        (_, line) -> ipcache.refuse(Prefix.parse(line.words().get(0))))
                .with(
                        "never",
                        (_, line) -> assertThat(rows(targets.services()).toString())
                                .doesNotContain(line.words().get(0)))
                .with(
                        "ranges/closed",
                        (_, line) -> await().untilAsserted(() -> assertThat(
                                        rows(targets.routes()).keySet().toString())
                                .isEqualTo(line.words().toString())));
    }

    /** What cannot be read yet is not as expected, and is read again. */
    private static <K extends Comparable<? super K>, V> SortedMap<K, V> rows(Target<K, V> target) {
        try {
            return new TreeMap<>(target.observe());
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private String shownServices() {
        return rows(targets.services()).entrySet().stream()
                .map(row -> row.getKey() + " "
                        + row.getValue().backends().stream()
                                .map(backend ->
                                        backend.address() + ":" + backend.port() + STATE_WORDS.get(backend.state()))
                                .toList())
                .collect(Collectors.joining("\n"));
    }

    private String shownStates() {
        return clusters.states().entrySet().stream()
                .map(row -> row.getKey() + " "
                        + switch (row.getValue()) {
                            case SourceState.Connecting _ -> "connecting";
                            case SourceState.Fresh _ -> "fresh";
                            case SourceState.Stale(var _, var cause)
                            when cause.contains("clustermesh-apiserver") -> "stale behind the mesh server";
                            case SourceState.Stale _ -> "stale";
                        })
                .collect(Collectors.joining("\n"));
    }

    private void path(String node, PathState.Answer answer) {
        tables.pathStates.put(new NodeId(WEST, node), new PathState(answer, CLOCK.instant()));
    }

    private void peerState(List<String> words) throws Exception {
        String json = "{\"state\":\"" + words.get(1) + "\",\"since\":\"2026-01-01T00:00:00.123Z\"}";
        write(MeshKeys.PEER_STATE + words.get(0), Value.of(json));
    }

    private void declare() {
        var spec = new MeshPeerObject.Spec(
                2,
                List.of("https://192.0.2.1:32379"),
                "",
                "",
                "",
                List.of("10.2.0.0/16"),
                List.of("192.0.2.0/24"),
                "100.64.128.0/18",
                255,
                Optional.empty());
        tables.meshPeers.put("west", new MeshPeerObject("west", "u", 1, false, Map.of(), spec, null));
    }

    private void canaries() throws Exception {
        write(MeshKeys.HEARTBEAT, Value.of("now"));
        for (Kind kind : Kind.values()) {
            write(MeshKeys.cacheCanary(kind, WEST), Value.of("now"));
        }
    }

    private void node(List<String> words) throws Exception {
        var key = new byte[32];
        Arrays.fill(key, (byte) words.get(0).hashCode());
        var node = new MeshNode(
                new NodeId(WEST, words.get(0)),
                WEST_ID,
                List.of(IpAddress.parse(words.get(1))),
                List.of(),
                List.of(IpAddress.parse(words.get(2))),
                words.size() > 3 ? List.of(Prefix.parse(words.get(3))) : List.of(),
                Optional.of(WireGuardKey.of(key)),
                51871,
                Map.of(),
                "");
        write(MeshKeys.cache(Kind.NODES, WEST) + words.get(0), NodeCodec.encode(node));
    }

    private void ip(List<String> words) throws Exception {
        var prefix = Prefix.parse(words.get(0));
        var endpoint = new MeshEndpoint(
                prefix,
                Optional.of(IpAddress.parse(words.get(1))),
                new SecurityIdentity((2 << 16) + 7),
                255,
                new MeshEndpoint.Pod("shop", "web", "", ""),
                List.of());
        write(MeshKeys.cache(Kind.IPS, WEST) + EndpointCodec.leaf(prefix), EndpointCodec.encode(endpoint));
    }

    private void service(List<String> addresses) throws Exception {
        var port = Map.of("http", new ServicePort(Protocol.TCP, 8080));
        var backends = addresses.stream().collect(Collectors.toMap(IpAddress::parse, _ -> port));
        var service = new MeshService(
                WEST,
                WEST_ID,
                new ServiceName("shop", "web"),
                Map.of(),
                backends,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
        write(MeshKeys.cache(Kind.SERVICES, WEST) + "shop/web", ServiceCodec.encode(service));
    }

    private void kubeService(List<String> annotations) {
        var key = new ObjectKey("shop", "web");
        var values = annotations.stream()
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> "service.cilium.io/" + pair[0], pair -> pair[1]));
        tables.kubeServices.put(
                key,
                new KubeService(
                        key,
                        "u",
                        Map.of(),
                        values,
                        KubeService.Type.CLUSTER_IP,
                        List.of(IpAddress.parse("10.96.0.7")),
                        List.of(),
                        List.of(new KubeService.Port("http", Protocol.TCP, 80, "8080", 0)),
                        Map.of(),
                        false,
                        false,
                        0,
                        LoadBalancing.NONE));
    }

    private void slice(List<String> words) {
        var key = new ObjectKey("shop", "web-1");
        var endpoints = words.stream()
                .map(word -> word.split(":"))
                .map(parts -> new KubeEndpointSlice.Endpoint(
                        IpAddress.parse(parts[0]), parts.length == 1, true, parts.length > 1, "n1", "", "", ""))
                .toList();
        tables.slices.put(
                key,
                new KubeEndpointSlice(
                        key,
                        new ObjectKey("shop", "web"),
                        KubeEndpointSlice.Family.IPV4,
                        "",
                        Map.of(),
                        endpoints,
                        List.of(new KubeEndpointSlice.Port("http", Protocol.TCP, 8080))));
    }

    private void write(String key, Value value) throws Exception {
        commit(Write.put(key, value));
    }

    private void commit(Write write) throws Exception {
        try (var etcd = around.open()) {
            etcd.commit(List.of(write));
        }
    }
}

package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tombolo.lab.programs.LoadResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The lab's router, BIRD, peers with every node of both clusters. A service of both has the external address 192.0.2.144; its
 * backends are on the second nodes. Nobody has told the router of it but they. Nodes of cluster1 are watched by BFD.
 */
@ExtendWith(InMeshLab.class)
class RoutersTest {
    private static final String SERVICE = "192.0.2.144";
    private static final int A_SECOND = 40;
    private static final Set<String> ALL_NODES = Set.of("172.30.1.11", "172.30.1.12", "172.30.2.11", "172.30.2.12");
    /** Far from what hold times and graceful restart would take. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Pattern BFD_UP = Pattern.compile("(172\\.30\\.\\d+\\.\\d+) +\\S+ +Up ");
    /** For 15 s and longer, a line with the router's next hops. */
    private static final String EVERY_50_MS = "for look in $(seq 300); do"
            + " ip route show %s | grep -o '172[.]30[.0-9]*' | sort | xargs; sleep 0.05; done";

    private static final String CONFLICT = "ConflictingClusterConfig";
    private static final String MISSING = "MissingPeerConfigs";
    private static final Pattern NEXT_HOP = Pattern.compile("via (172\\.30\\.\\d+\\.\\d+)");
    private static final String SERVICES = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: lighthouse}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: lamp, namespace: lighthouse}
            spec:
              replicas: 1
              selector: {matchLabels: {app: lamp}}
              template:
                metadata: {labels: {app: lamp}}
                spec:
                  nodeName: node2
                  containers:
                    - name: echo
                      image: tombolo/lab-echo
                      readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: lamp
              namespace: lighthouse
              labels: {tell: routers}
              annotations: {service.cilium.io/global: "true"}
            spec:
              selector: {app: lamp}
              externalIPs: [192.0.2.144]
              ports: [{name: http, port: 80, targetPort: 8080}]
            """;
    private static final String BGP = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata: {name: harbour}
            spec:
              bgpInstances:
                - name: main
                  localASN: %1$d
                  peers:
                    - {name: router, peerASN: 64512, peerAddress: %2$s, peerConfigRef: {name: router}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: router, annotations: {bgp.tombolo.dev/bfd: "%3$s"}}
            spec:
              timers: {holdTimeSeconds: 90, keepAliveTimeSeconds: 30}
              gracefulRestart: {enabled: true, restartTimeSeconds: 60}
              families:
                - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {tell: router}}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPAdvertisement
            metadata: {name: all, labels: {tell: router}}
            spec:
              advertisements:
                - advertisementType: PodCIDR
                - advertisementType: Service
                  service: {addresses: [ExternalIP]}
                  selector: {matchLabels: {tell: routers}}
            """;

    /** For a node that has another already, and like nothing that there is. */
    private static final String LATE = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata: {name: late}
            spec:
              nodeSelector: {matchLabels: {kubernetes.io/hostname: node2}}
              bgpInstances:
                - name: main
                  localASN: 64599
                  peers:
                    - {name: router, peerASN: 64512, peerAddress: 172.30.1.1, peerConfigRef: {name: later}}
            """;

    private static final String PEER_CONFIG = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: %s}
            spec: {%s}
            """;

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        var objects = new AppliedObjects(lab);
        for (int cluster : MeshLab.CLUSTERS) {
            objects.apply(cluster, SERVICES);
            objects.apply(
                    cluster, BGP.formatted(64_512 + cluster, "172.30." + cluster + ".1", cluster == 1 ? "on" : "off"));
            lab.programs.kubectl(
                    cluster,
                    "-n",
                    "lighthouse",
                    "wait",
                    "--for=condition=Available",
                    "deployment/lamp",
                    "--timeout=60s");
        }
        awaitNextHops(lab, ALL_NODES);
    }

    @AfterAll
    static void remove(MeshLab lab) {
        MeshLab.CLUSTERS.forEach(cluster -> {
            lab.programs.kubectl(
                    cluster,
                    "delete",
                    "ciliumbgpclusterconfigs/harbour",
                    "ciliumbgppeerconfigs/router",
                    "ciliumbgpadvertisements/all");
            lab.programs.kubectl(cluster, "delete", "namespace", "lighthouse", "--timeout=60s");
        });
        MeshLab.await("the router to forget", () -> nextHops(lab, SERVICE).isEmpty());
    }

    @Test
    void routersLearnPodRangesAndServicesOfBothClusters(MeshLab lab) {
        assertThat(nextHops(lab, "10.1.1.0/24")).containsExactly("172.30.1.11");
        assertThat(nextHops(lab, "10.2.2.0/24")).containsExactly("172.30.2.12");
        var answers =
                MeshLab.await("the service to answer", () -> ask(lab), answered -> answered.ok() == answered.sent());
        assertThat(answers.byCluster().keySet()).containsExactlyInAnyOrder("cluster1", "cluster2");
        assertThat(lab.look("bgp", "peers", "--context", "cluster1").output()).contains("established");
    }

    /** As the agents say that it was told; of what the router makes of it, {@link #nextHops} is the proof. */
    @Test
    void routesAreShownAsTheRouterHasThem(MeshLab lab) {
        var told = MeshLab.await(
                "both nodes to tell of it",
                () -> lab.look("bgp", "routes", "--context", "cluster1", "--vip", SERVICE)
                        .output(),
                shown -> shown.contains("2 routes told in 2 sessions of 2 nodes"));
        assertThat(told)
                .containsPattern("node1 +main/router +192.0.2.144/32 +advertised +172.30.1.11 ")
                .containsPattern("node2 +main/router +192.0.2.144/32 +advertised +172.30.1.12 ")
                .contains("all: Service lighthouse/lamp ExternalIP " + SERVICE);
        var available =
                lab.look("bgp", "routes", "available", "--context", "cluster2", "--peer", "main/router", "-o", "json");
        assertThat(available.output()).contains("\"prefix\": \"10.2.2.0/24\"", "\"left_out\": 0", "\"problems\": []");
    }

    /** Told by whoever of both sides refuses the other one's OPEN. */
    @Test
    void doctorNamesANumberThatTheRouterDoesNotHave(MeshLab lab) {
        peerAsn(lab, 64_999);
        MeshLab.await(
                "doctor to name it",
                () -> lab.look("doctor", "--context", "cluster1").output(),
                said -> said.contains("bgp asn main/router on node1") && said.contains("wrong AS number"));
        peerAsn(lab, 64_512);
        awaitNextHops(lab, ALL_NODES);
        MeshLab.await(
                "doctor to find it mended",
                () -> lab.look("doctor", "--context", "cluster1").output(),
                said -> said.contains("64512 there, 64513 here") && !said.contains("wrong AS number"));
    }

    private static void peerAsn(MeshLab lab, int number) {
        lab.programs.kubectl(
                1,
                "patch",
                "ciliumbgpclusterconfig/harbour",
                "--type=json",
                "-p",
                "[{\"op\":\"replace\",\"path\":\"/spec/bgpInstances/0/peers/0/peerASN\",\"value\":" + number + "}]");
    }

    /**
     * Whose backends have died is no way any more; the other cluster's nodes have them. Lost is what the backend had, and
     * what came to it before its own cluster knew.
     */
    @Test
    void aClusterWithoutBackendsIsNoWay(MeshLab lab) {
        var load = CompletableFuture.supplyAsync(
                () -> load(lab, "--rate %d --duration 15 --timeout-ms 2000".formatted(A_SECOND)));
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=0");
        awaitNextHops(lab, Set.of("172.30.2.11", "172.30.2.12"));
        assertThat(load.join().sent() - load.join().ok()).isLessThan(A_SECOND / 2);
        assertThat(load.join().byCluster().keySet()).contains("cluster2");
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=1");
        awaitNextHops(lab, ALL_NODES);
    }

    /** Neither sessions nor routes are its own. */
    @Test
    void anAgentThatDiesTakesNoRouteAlong(MeshLab lab) {
        var load = CompletableFuture.supplyAsync(() -> load(lab, "--rate 40 --duration 15 --timeout-ms 2000"));
        KilledContainers.kill(lab, 1, "tombolo-agent", "agent").awaitBack();
        assertThat(nextHops(lab, SERVICE)).isEqualTo(ALL_NODES);
        assertThat(load.join().ok()).isEqualTo(load.join().sent()).isPositive();
    }

    /** With hold times of 90 s, and graceful restart, which would keep its routes for another 60. */
    @Test
    void aNodeThatFallsSilentLosesItsRoutesAtOnce(MeshLab lab) {
        awaitWatched(lab);
        try {
            lab.in("internet", "bridge link set dev c1n1 state 0");
            awaitNextHops(lab, Set.of("172.30.1.12", "172.30.2.11", "172.30.2.12"), SOON);
        } finally {
            lab.in("internet", "bridge link set dev c1n1 state 3");
        }
        awaitNextHops(lab, ALL_NODES);
        awaitWatched(lab);
    }

    /** A session that is reset for a loss of before comes up and is reset, again and again. */
    @Test
    void whereBfdAloneIsLostSessionsComeBackAndStay(MeshLab lab) {
        awaitWatched(lab);
        try {
            lab.in(
                    "internet",
                    "nft 'table inet bfd { chain in { type filter hook input priority 0; udp dport 3784 drop; };"
                            + " chain out { type filter hook output priority 0; udp dport 3784 drop; }; }'");
            awaitBfd(lab, "down");
            awaitNextHops(lab, ALL_NODES);
            var before = new AtomicReference<>(List.<String>of());
            Awaitility.await("sessions to be back and stay")
                    .during(Duration.ofSeconds(6))
                    .atMost(MeshLab.PATIENCE)
                    .until(() -> {
                        var since = establishedTimes(lab);
                        return isFine(lab) && before.getAndSet(since).equals(since);
                    });
            assertThat(lab.look("bgp", "peers", "--context", "cluster1").output())
                    .contains("BFD with BGP peer");
        } finally {
            lab.in("internet", "nft delete table inet bfd");
        }
        awaitWatched(lab);
    }

    /** BFD, which goes on, tells a router that the node is not dead. */
    @Test
    void aSpeakerThatDiesTakesNoRouteAlong(MeshLab lab) {
        awaitWatched(lab);
        var seen = CompletableFuture.supplyAsync(() -> lab.in("internet", EVERY_50_MS.formatted(SERVICE)));
        KilledContainers.kill(lab, 1, "tombolo-bgp", "exabgp").awaitBack();
        MeshLab.await("sessions to be back", () -> isFine(lab));
        assertThat(seen.join().lines().distinct()).containsExactly(String.join(" ", new TreeSet<>(ALL_NODES)));
        awaitWatched(lab);
    }

    /** Both ways, and as the cluster has it. */
    private static void awaitWatched(MeshLab lab) {
        MeshLab.await(
                "the router to watch the nodes of cluster1 only",
                () -> BFD_UP.matcher(birdc(lab, "show bfd sessions"))
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.toSet()),
                Set.of("172.30.1.11", "172.30.1.12")::equals);
        awaitBfd(lab, "up");
    }

    private static void awaitBfd(MeshLab lab, String state) {
        MeshLab.await(
                "BFD to be " + state + " in cluster1",
                () -> peers(lab).stream()
                        .map(peer -> peer.at("/bfd/state").asText())
                        .toList(),
                List.of(state, state)::equals);
    }

    private static List<String> establishedTimes(MeshLab lab) {
        return peers(lab).stream().map(peer -> peer.path("since").asText()).toList();
    }

    private static List<JsonNode> peers(MeshLab lab) {
        var said = lab.look("bgp", "peers", "--context", "cluster1", "-o", "json");
        var peers = new ArrayList<JsonNode>();
        MeshLab.json(said.output()).path("peers").forEach(peers::add);
        return peers;
    }

    private static boolean isFine(MeshLab lab) {
        return lab.look("bgp", "peers", "--context", "cluster1").code() == 0;
    }

    private static String birdc(MeshLab lab, String question) {
        return lab.in("internet", "birdc -s " + lab.home.path("router.ctl") + " " + question);
    }

    /** Nobody is told only that there is no session: what was declared and cannot be says why, and who is concerned. */
    @Test
    void whatCannotBeAsDeclaredSaysWhyUntilItIsMended(MeshLab lab) throws IOException {
        var objects = new AppliedObjects(lab);
        objects.apply(1, LATE);
        objects.apply(1, PEER_CONFIG.formatted("guarded", "authSecretRef: router-password"));
        lab.patch(1, "ciliumbgpclusterconfig", "harbour", """
                {"spec": {"bgpInstances": [{"name": "main", "localASN": 64513, "peers": [
                  {"name": "router", "peerASN": 64512, "peerAddress": "172.30.1.1", "peerConfigRef": {"name": "router"}},
                  {"name": "second", "peerASN": 64512, "peerAddress": "172.30.1.9", "peerConfigRef": {"name": "guarded"}}
                ]}]}}""");
        awaitCondition(lab, "late", CONFLICT, "True NodesHaveAnother: node2 has harbour");
        awaitCondition(lab, "late", MISSING, "True PeerConfigsMissing: there is no CiliumBGPPeerConfig later");
        awaitCondition(lab, "guarded", "MissingAuthSecret", "True SecretMissing: there is no Secret router-password");
        awaitColumns(lab, "cbgpcluster", "harbour +2 +2/4 +[1-9]\\d* +False +.*");

        objects.apply(1, PEER_CONFIG.formatted("later", ""));
        lab.programs.kubectl(
                1, "-n", "kube-system", "create", "secret", "generic", "router-password", "--from-literal=password=x");
        lab.patch(
                1,
                "ciliumbgpclusterconfig",
                "late",
                "{\"spec\": {\"nodeSelector\": {\"matchLabels\": {\"kubernetes.io/hostname\": \"node9\"}}}}");
        awaitCondition(lab, "late", CONFLICT, "False NoConflict: ");
        awaitCondition(lab, "late", MISSING, "False PeerConfigsFound: ");
        awaitCondition(lab, "late", "NoMatchingNode", "True NoNode: ");
        awaitCondition(lab, "guarded", "MissingAuthSecret", "False NoSecretMissing: ");

        lab.programs.kubectl(
                1,
                "delete",
                "ciliumbgpclusterconfigs/late",
                "ciliumbgppeerconfigs/guarded",
                "ciliumbgppeerconfigs/later");
        lab.programs.kubectl(1, "-n", "kube-system", "delete", "secret", "router-password");
        objects.apply(1, BGP.formatted(64_513, "172.30.1.1"));
        awaitColumns(lab, "cbgpcluster", "harbour +2 +2/2 +[1-9]\\d* +False +.*");
        awaitColumns(lab, "cbgppeer", "router +2/2 +False +.*");
        awaitColumns(lab, "cbgpadvert", "all +True +.*");
        assertThat(nextHops(lab, SERVICE)).isEqualTo(ALL_NODES);
    }

    /** As after a node that was taken away: no agent is there to do it. */
    @Test
    void whatANodeHasSaidThatIsGoneGoesToo(MeshLab lab) throws IOException {
        new AppliedObjects(lab).apply(1, """
                apiVersion: cilium.io/v2
                kind: CiliumBGPNodeConfig
                metadata: {name: node9}
                spec: {}
                """);
        MeshLab.await("the words of nodes that there are", () -> nodesThatSay(lab), List.of("node1", "node2")::equals);
    }

    private static List<String> nodesThatSay(MeshLab lab) {
        return lab.programs
                .kubectl(1, "get", "cbgpnode", "-o", "jsonpath={.items[*].metadata.name}")
                .lines()
                .flatMap(line -> Stream.of(line.split(" ")))
                .sorted()
                .toList();
    }

    /** Of a kind whose objects have the name. */
    private static void awaitCondition(MeshLab lab, String name, String type, String beginning) {
        String kind = name.equals("guarded") ? "ciliumbgppeerconfig" : "ciliumbgpclusterconfig";
        MeshLab.await(
                name + " to say of " + type + ": " + beginning,
                () -> condition(lab.get(1, kind, name), type),
                said -> said.startsWith(beginning));
    }

    private static String condition(JsonNode object, String type) {
        return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals("cilium.io/" + type))
                .map(condition -> condition.path("status").asText() + " "
                        + condition.path("reason").asText() + ": "
                        + condition.path("message").asText())
                .findFirst()
                .orElse("");
    }

    private static void awaitColumns(MeshLab lab, String kind, String row) {
        MeshLab.await(
                kind + " to show " + row,
                () -> lab.programs.kubectl(1, "get", kind, "--no-headers"),
                shown -> shown.lines().anyMatch(line -> line.matches(row)));
    }

    private static void awaitNextHops(MeshLab lab, Set<String> nodes) {
        awaitNextHops(lab, nodes, MeshLab.PATIENCE);
    }

    private static void awaitNextHops(MeshLab lab, Set<String> nodes, Duration patience) {
        MeshLab.await("the router to have the ways " + nodes, patience, () -> nextHops(lab, SERVICE), nodes::equals);
    }

    /** As the router's kernel has them. */
    private static Set<String> nextHops(MeshLab lab, String destination) {
        return NEXT_HOP.matcher(lab.in("internet", "ip route show " + destination))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static LoadResult ask(MeshLab lab) {
        return load(lab, "--requests 60 --concurrency 2 --timeout-ms 1000");
    }

    private static LoadResult load(MeshLab lab, String options) {
        return OutsideClient.load(lab, SERVICE, options);
    }
}

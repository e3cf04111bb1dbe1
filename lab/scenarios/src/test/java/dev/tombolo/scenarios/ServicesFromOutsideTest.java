package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client outside both clusters, which knows services by the addresses that they have for it. Packets for 192.0.2.96/28
 * are led to the first node of the first cluster, which has no backend: those are on the second nodes.
 */
@ExtendWith(InMeshLab.class)
class ServicesFromOutsideTest {
    private static final Set<String> BOTH = Set.of("cluster1", "cluster2");
    private static final String CLIENT = "198.51.100.10";
    private static final String NODE1 = "172.30.1.11";
    private static final String NODE2 = "172.30.1.12";
    private static final String PORT_OF_NODE1 = "c1n1";
    private static final Pattern TURNED = Pattern.compile(
            "tombolo_datapath_packets_total\\{(?=[^}]*lb_xdp)[^}]*\\} (\\S+)", Pattern.CASE_INSENSITIVE);
    private static final String POOL = """
            apiVersion: cilium.io/v2
            kind: CiliumLoadBalancerIPPool
            metadata: {name: harbour}
            spec:
              blocks: [{start: 192.0.2.96, stop: 192.0.2.100}]
              serviceSelector: {matchLabels: {"io.kubernetes.service.namespace": harbour}}
            """;

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        new AppliedObjects(lab).apply(1, POOL);
        MeshLab.CLUSTERS.forEach(cluster -> {
            lab.programs.apply(cluster, manifest());
            lab.programs.kubectl(
                    cluster,
                    "-n",
                    "harbour",
                    "wait",
                    "--for=condition=Available",
                    "deployment",
                    "--all",
                    "--timeout=60s");
        });
        lab.in("internet", "ip route replace 192.0.2.96/28 via " + NODE1);
    }

    @AfterAll
    static void remove(MeshLab lab) {
        lab.in("internet", "ip route del 192.0.2.96/28");
        MeshLab.CLUSTERS.forEach(
                cluster -> lab.programs.kubectl(cluster, "delete", "namespace", "harbour", "--timeout=60s"));
        lab.programs.kubectl(1, "delete", "ippools", "harbour");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a load balancer's address, 192.0.2.96, ''",
        "a load balancer's address by datagrams, 192.0.2.96, --udp",
        "an external address, 192.0.2.97, ''",
        "a port of a node, 172.30.1.11:30080, ''",
        "a port of a node by datagrams, 172.30.1.11:30080, --udp",
        "a port of the backend's node, 172.30.1.12:30080, ''",
    })
    @Tag(InMeshLab.ONLY_LOOKS)
    void backendsOfBothClustersAnswer(String name, String address, String option, MeshLab lab) {
        var result = MeshLab.await(
                name + " to answer",
                () -> ask(lab, address, option),
                answers -> answers.ok() == answers.sent() && answers.byCluster().size() == 2);
        assertThat(result.byCluster().keySet()).isEqualTo(BOTH);
        assertThat(result.bySource().keySet()).doesNotContain(CLIENT);
    }

    /** Where only backends of the node serve, those see the client, and a node without one does not answer. */
    @Test
    @Tag(InMeshLab.ONLY_LOOKS)
    void backendsOfTheNodeSeeTheClient(MeshLab lab) {
        var result = MeshLab.await(
                "the backend's node to answer",
                () -> ask(lab, NODE2 + ":30081", ""),
                answers -> answers.ok() == answers.sent());
        assertThat(result.byCluster().keySet()).containsExactly("cluster1");
        assertThat(result.bySource().keySet()).containsExactly(CLIENT);
        assertThat(ask(lab, "192.0.2.98", "").ok()).isZero();
    }

    /** The same backends as those of the service of which both answer. */
    @Test
    @Tag(InMeshLab.ONLY_LOOKS)
    void allConnectionsOfAClientGoToOneBackendWhereTheyAreToStayTogether(MeshLab lab) {
        MeshLab.await(
                "backends of both clusters to answer",
                () -> ask(lab, "192.0.2.97", "").byCluster().keySet(),
                BOTH::equals);
        MeshLab.await("the client to be answered", () -> isAnswered(lab, "192.0.2.101"));
        assertThat(ask(lab, "192.0.2.101", "").byPod()).hasSize(1);
    }

    @Test
    void onlyClientsThatAServiceIsForAreServed(MeshLab lab) {
        assertThat(ask(lab, "192.0.2.100", "").ok()).isZero();
        lab.patch(
                1,
                "service",
                "lock",
                "{\"spec\": {\"loadBalancerSourceRanges\": [\"203.0.113.0/24\", \"198.51.100.0/24\"]}}",
                "-n",
                "harbour");
        MeshLab.await("the client to be let in", () -> isAnswered(lab, "192.0.2.100"));
    }

    /** Those that are not global are kube-proxy's, which here serves no external address. */
    @Test
    void allServicesAreServedInPlaceOfKubeProxy(MeshLab lab) {
        assertThat(ask(lab, "192.0.2.99", "").ok()).isZero();
        var kept = CompletableFuture.supplyAsync(
                () -> load(lab, "192.0.2.97", "--rate 48 --keepalive --concurrency 24 --duration 40"));
        replaceKubeProxy(lab, true);
        MeshLab.await("a service that is not global to answer", () -> isAnswered(lab, "192.0.2.99"));
        assertThat(ask(lab, "192.0.2.99", "").byCluster().keySet()).containsExactly("cluster1");
        replaceKubeProxy(lab, false);
        MeshLab.await(
                "it to be left alone again", () -> ask(lab, "192.0.2.99", "").ok() == 0);
        expectNothingLost(kept.join());
    }

    private static void replaceKubeProxy(MeshLab lab, boolean replaced) {
        lab.programs.tombolo("upgrade", "--context", "cluster1", "--set", "kube-proxy-replacement=" + replaced);
    }

    private static boolean isAnswered(MeshLab lab, String address) {
        var result = ask(lab, address, "");
        return result.ok() == result.sent();
    }

    @Test
    void aDeadAgentLosesNoConnection(MeshLab lab) {
        var opened = CompletableFuture.supplyAsync(() -> load(lab, "192.0.2.96", "--rate 50 --duration 20"));
        var kept = CompletableFuture.supplyAsync(
                () -> load(lab, "192.0.2.97", "--rate 48 --keepalive --concurrency 24 --duration 20"));
        KilledContainers.kill(lab, 1, "tombolo-agent", "agent").awaitBack();
        lab.programs.kubectl(1, "-n", "harbour", "scale", "deployment/quay", "--replicas=2");
        expectNothingLost(opened.join());
        expectNothingLost(kept.join());
        MeshLab.await(
                "the new backend to answer",
                () -> ask(lab, "192.0.2.96", "").byPod().size() == 3);
        lab.programs.kubectl(1, "-n", "harbour", "scale", "deployment/quay", "--replicas=1");
    }

    /** The first node hands on to that of the backend, which answers the client itself. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--udp"})
    @Tag(InMeshLab.ONLY_LOOKS)
    void theBackendsNodeAnswersWhereTheServiceSaysSo(String option, MeshLab lab) {
        var result = MeshLab.await(
                "the backend's node to answer",
                () -> ask(lab, "192.0.2.102", option),
                answers -> answers.ok() == answers.sent() && answers.bySource().containsKey(CLIENT));
        assertThat(result.bySource().keySet()).containsExactly(CLIENT);
        assertThat(result.byCluster().keySet()).containsExactly("cluster1");
    }

    /** The lab's devices have no driver that could; what goes on is counted by the program that sent it on. */
    @Test
    void whatIsHandedOnTurnsRoundBeforeTheStackWhereThatIsWanted(MeshLab lab) {
        MeshLab.await("the backend's node to answer", () -> isAnswered(lab, "192.0.2.102"));
        assertThat(turned(lab)).isZero();
        var kept = keptAlive(lab);
        accelerate(lab, "testing-only");
        MeshLab.await("packets to turn round", () -> isAnswered(lab, "192.0.2.102") && turned(lab) > 0);
        assertThat(kept.join().ok()).isEqualTo(kept.join().sent()).isPositive();
        var result = ask(lab, "192.0.2.102", "");
        assertThat(result.ok()).isEqualTo(result.sent());
        assertThat(result.bySource().keySet()).containsExactly(CLIENT);
        accelerate(lab, "native");
        MeshLab.await(
                "the device that cannot to be told of",
                () -> lab.problems(1)
                        .contains("eth0 is not applied: a veth device loses what a program of XDP sends back"));
        assertThat(isAnswered(lab, "192.0.2.102")).isTrue();
        accelerate(lab, "disabled");
        assertThat(lab.onNode(1, "node1", "ip link show dev eth0")).doesNotContain("xdp");
        MeshLab.await("the problem to be gone", () -> !lab.problems(1).contains("is not applied"));
    }

    private static void accelerate(MeshLab lab, String acceleration) {
        lab.programs.tombolo("upgrade", "--context", "cluster1", "--set", "load-balancer-acceleration=" + acceleration);
    }

    private static double turned(MeshLab lab) {
        String page = lab.onNode(1, "node1", "curl -s http://127.0.0.1:9879/prometheus");
        return TURNED.matcher(page)
                .results()
                .mapToDouble(count -> Double.parseDouble(count.group(1)))
                .sum();
    }

    /** First the node of the backend takes the other one's place, then one that has seen nothing of its connections. */
    @Test
    void connectionsOutliveTheNodeByWhichTheyCame(MeshLab lab) {
        MeshLab.await("the backend's node to answer", () -> isAnswered(lab, "192.0.2.102"));
        var first = keptAlive(lab);
        lab.in("internet", "ip link set %s down".formatted(PORT_OF_NODE1));
        try {
            lab.in("internet", "ip route replace 192.0.2.102/32 via " + NODE2);
            assertThat(first.join().ok()).isEqualTo(first.join().sent()).isPositive();
        } finally {
            lab.in("internet", "ip link set %s up".formatted(PORT_OF_NODE1));
        }
        var second = keptAlive(lab);
        lab.in("internet", "ip route del 192.0.2.102/32");
        assertThat(second.join().ok()).isEqualTo(second.join().sent()).isPositive();
    }

    /** Connections that exist by the time this returns. */
    private static CompletableFuture<LoadResult> keptAlive(MeshLab lab) {
        var load = CompletableFuture.supplyAsync(
                () -> load(lab, "192.0.2.102", "--rate 48 --keepalive --concurrency 24 --duration 10"));
        MeshLab.await(
                "the connections",
                () -> lab.in("outside", "ss -Htn state established dst 192.0.2.102")
                                .lines()
                                .count()
                        == 24);
        return load;
    }

    private static void expectNothingLost(LoadResult result) {
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster().keySet()).isEqualTo(BOTH);
    }

    private static LoadResult ask(MeshLab lab, String address, String option) {
        return load(lab, address, "--requests 40 --concurrency 2 " + option);
    }

    private static LoadResult load(MeshLab lab, String address, String options) {
        return OutsideClient.load(lab, address, "--timeout-ms 1000 " + options);
    }

    private static String manifest() {
        try (InputStream in = ServicesFromOutsideTest.class.getResourceAsStream("outside.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}

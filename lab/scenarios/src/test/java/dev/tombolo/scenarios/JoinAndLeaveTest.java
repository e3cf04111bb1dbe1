package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.programs.Outcome;
import dev.tombolo.lab.programs.Shop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of a mesh of three clusters, from refusals to the last uninstall: each scenario goes on where the one before it ended. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JoinAndLeaveTest {
    private static final String MARK = "cilium/state/nodes/v1/cluster2/mark-";
    private static final int MARKS = 5;

    private MeshLab lab;
    private ClusterObjects objects;
    private String statusOfCluster2;
    private EtcdUser ofPeer;
    private EtcdUser.Watch openWatch;

    @BeforeAll
    void up() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        lab = MeshLab.bare("j" + ProcessHandle.current().pid(), 3, 1);
        objects = new ClusterObjects(lab);
        install(1, 1).expectSuccess();
        install(2, 2).expectSuccess();
        enable(1);
    }

    @AfterAll
    void down() {
        if (openWatch != null) {
            openWatch.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    @Order(1)
    void connectNamesWhatIsMissing() {
        var before = objects.read(1);
        expectRefusal(connect("nowhere"), "nowhere", "kubeconfig");
        expectRefusal(connect("cluster2"), "read no ClusterMesh", "tombolo clustermesh enable --context cluster2");
        expectRefusal(connect("cluster3"), "read no ClusterMesh", "tombolo clustermesh enable --context cluster3");
        assertThat(connect("cluster1").code()).isEqualTo(2);
        assertThat(install(3, 256).output()).contains("cluster.id", "256", "expected");
        assertThat(install(2, 9).output()).contains("read 9", "installed with 2", "uninstall");
        assertThat(objects.read(1)).isEqualTo(before);
        assertThat(lab.programs.attemptKubectl(3, "get", "ns", "tombolo-system").code())
                .isNotZero();
        enable(2);
    }

    /** The mesh API server of cluster2 stands still, so that its ClusterMesh says what it is made to say. */
    @ParameterizedTest
    @Order(2)
    @CsvSource(delimiter = '|', textBlock = """
            {"clusterId":1}                     | cluster1 and cluster2 both have the id 1 | --set cluster.id=OTHER
            {"clusterName":"cluster1"}          | both clusters are named cluster1         | --set cluster.name=OTHER
            {"clusterId":300}                   | the id of cluster2 is 300                | expected 1 to 255
            {"maxConnectedClusters":511}        | numbers up to 255 clusters, cluster2 up to 511 | must be the same in the whole mesh
            {"podCIDRs":["10.1.0.0/16"]}        | the pod ranges overlap: 10.1.1.0/24 of cluster1 and 10.1.0.0/16 of cluster2 | give one of the clusters other ranges
            {"tunnelCIDR":"100.64.0.0/10"}      | the tunnel ranges overlap: 100.64.           | tombolo upgrade --set tunnel.cidr=CIDR
            """)
    void connectRefusesAndChangesNothing(String status, String read, String remedy) {
        if (statusOfCluster2 == null) {
            lab.signal("stop", 2, "clustermesh-apiserver", "apiserver");
            statusOfCluster2 =
                    lab.get(2, "clustermesh", "cluster").path("status").toString();
        }
        say(status);
        var before = List.of(objects.read(1), objects.read(2));
        expectRefusal(connect("cluster2"), "nothing was changed", read, remedy);
        assertThat(List.of(objects.read(1), objects.read(2))).isEqualTo(before);
        say(statusOfCluster2);
    }

    @Test
    @Order(3)
    void anInterruptedConnectIsCompletedByTheNext() throws Exception {
        // Cluster2 stands still and signs nothing, so that the first command waits half way.
        Process first = new ProcessBuilder(
                        System.getProperty("tombolo.launcher"),
                        "--kubeconfig",
                        lab.home.kubeconfig().toString(),
                        "clustermesh",
                        "connect",
                        "--context",
                        "cluster1",
                        "--destination-context",
                        "cluster2")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        MeshLab.await(
                "both to be declared",
                () -> peers(1).equals(List.of("cluster2")) && peers(2).equals(List.of("cluster1")));
        first.destroyForcibly().waitFor();
        lab.signal("continue", 2, "clustermesh-apiserver", "apiserver");
        assertThat(connect("cluster2").expectSuccess()).contains("clusters cluster1 and cluster2 are connected");
        var before = List.of(objects.read(1), objects.read(2));
        assertThat(connect("cluster2").expectSuccess()).contains("no change: clusters cluster1 and cluster2");
        assertThat(List.of(objects.read(1), objects.read(2))).isEqualTo(before);
    }

    @Test
    @Order(4)
    void disconnectFallsBackToLocalBackendsAndTheCertificateOpensNothing() {
        shopIn(1);
        shopIn(2);
        expectAnswers(1, "cluster1", "cluster2");
        ofPeer = EtcdUser.remote(lab, 1, 2);
        openWatch = ofPeer.watch("cilium/state/");
        var admin = EtcdUser.admin(lab, 2);
        MeshLab.await("the watch to be told something", () -> marked(admin, openWatch));
        var load = lab.shop.startLoad(1, 12, 100);
        lab.programs.tombolo("clustermesh", "disconnect", "--context", "cluster1", "--destination-context", "cluster2");
        MeshLab.await(
                "the certificate to open nothing",
                () -> ofPeer.attempt("get", "cilium/.heartbeat").output().contains("permission denied"));
        expectAnswers(1, "cluster1");
        expectAnswers(2, "cluster2");
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster()).containsKeys("cluster1", "cluster2");
        for (int cluster : MeshLab.CLUSTERS) {
            assertThat(peers(cluster)).isEmpty();
            MeshLab.await(
                    "what was copied to be gone",
                    () -> EtcdUser.admin(lab, cluster).keys("cilium/cache/").isEmpty());
        }
    }

    @Test
    @Order(5)
    void anOpenWatchOfADisconnectedPeerIsToldNothingMore() {
        var admin = EtcdUser.admin(lab, 2);
        String before = openWatch.printed();
        try (var control = admin.watch("cilium/state/")) {
            MeshLab.await("another watch to be told something", () -> marked(admin, control));
            for (int i = 0; i < MARKS; i++) {
                admin.put(MARK + "revoked-" + i, "x");
            }
            MeshLab.await(
                    "another watch to be told all", () -> control.printed().contains(MARK + "revoked-4"));
        }
        assertThat(openWatch.printed().substring(before.length())).doesNotContain(MARK);
        admin.run("del", "--prefix", MARK);
    }

    @Test
    @Order(6)
    void anUnreachableEndpointIsNamedAndTakenBack() {
        String unreachable = "https://172.30.2.99:32379";
        lab.patch(2, "clustermesh", "cluster", "{\"spec\":{\"endpoints\":[\"" + unreachable + "\"]}}");
        MeshLab.await(
                "the endpoint to be said",
                () -> lab.get(2, "clustermesh", "cluster")
                        .at("/status/endpoints/0")
                        .asText()
                        .equals(unreachable));
        expectRefusal(
                connect("cluster2", "--wait-duration", "4s"),
                "cluster cluster1 does not reach cluster2 at [" + unreachable + "]",
                "what this command made was taken back");
        assertThat(peers(1)).isEmpty();
        assertThat(peers(2)).isEmpty();
        lab.patch(2, "clustermesh", "cluster", "{\"spec\":{\"endpoints\":null}}");
        MeshLab.await(
                "the endpoint to be found out",
                () -> lab.get(2, "clustermesh", "cluster")
                        .at("/status/endpoints/0")
                        .asText()
                        .endsWith("172.30.2.11:32379"));
        assertThat(connect("cluster2").expectSuccess()).contains("clusters cluster1 and cluster2 are connected");
        expectAnswers(1, "cluster1", "cluster2");
    }

    @Test
    @Order(7)
    void aClusterJoinsByKubectlApplyAlone() throws IOException {
        var gitOps = new AppliedObjects(lab);
        gitOps.apply(
                3,
                lab.programs.tombolo(
                        "install", "--dry-run", "--set", "cluster.name=cluster3", "--set", "cluster.id=3"));
        gitOps.apply(3, lab.programs.tombolo("clustermesh", "enable", "--dry-run", "--context", "cluster3"));
        MeshLab.await(
                "cluster3 to say how it is reached",
                () -> lab.get(3, "clustermesh", "cluster")
                        .at("/status/conditions/0/status")
                        .asText()
                        .equals("True"));
        gitOps.declareEachOther(1, 3);
        for (int[] pair : new int[][] {{1, 3}, {3, 1}}) {
            MeshLab.await(
                    "cluster" + pair[1] + " to be fresh in cluster" + pair[0],
                    () -> lab.get(pair[0], "meshpeer", "cluster" + pair[1])
                            .at("/status/state")
                            .asText()
                            .equals("Fresh"));
        }
        shopIn(3);
        expectAnswers(3, "cluster1", "cluster3");
    }

    @Test
    @Order(8)
    void severalDestinationsMakeAFullMesh() {
        assertThat(connect("cluster2,cluster3").expectSuccess())
                .contains("no change: clusters cluster1 and cluster2", "no change: clusters cluster1 and cluster3");
        lab.programs.tombolo("clustermesh", "connect", "--context", "cluster2", "--destination-context", "cluster3");
        for (int cluster = 1; cluster <= 3; cluster++) {
            expectAnswers(cluster, "cluster1", "cluster2", "cluster3");
        }
        assertThat(lab.programs.tombolo("clustermesh", "status", "--wait", "--context", "cluster1"))
                .containsPattern("cluster2: .*1/1 connected")
                .containsPattern("cluster3: .*1/1 connected")
                .contains("Global services: ");
    }

    @Test
    @Order(9)
    void rolesAllowWhatIsAskedForAndLittleElse() {
        for (int cluster = 1; cluster <= 3; cluster++) {
            var roles = new RecordedRoles(lab, cluster);
            for (String account : List.of("tombolo-agent", "clustermesh-apiserver")) {
                assertThat(roles.asked(account)).as("requests of " + account).isNotEmpty();
                assertThat(roles.asked(account))
                        .as("allowed to " + account)
                        .allMatch(asked -> roles.allows(account, asked));
                assertThat(roles.unused(account))
                        .as("allowed to " + account + " and not asked for")
                        .isSubsetOf(RecordedRoles.SELDOM);
            }
        }
    }

    @Test
    @Order(10)
    void disableWantsNoPeersAndLeavesTheAgents() {
        expectRefusal(
                lab.programs.attempt("clustermesh", "disable", "--context", "cluster3"),
                "read the peers [cluster1, cluster2]",
                "disconnect");
        lab.programs.tombolo(
                "clustermesh", "disconnect", "--context", "cluster3", "--destination-context", "cluster1,cluster2");
        lab.programs.tombolo("clustermesh", "disable", "--context", "cluster3");
        assertThat(lab.programs.tombolo("clustermesh", "disable", "--context", "cluster3"))
                .contains("no change");
        assertThat(objects.names(3))
                .contains("DaemonSet/tombolo-agent")
                .noneMatch(name -> name.startsWith("ClusterMesh/") || name.startsWith("Deployment/"))
                .noneMatch(name -> name.matches("Service/.*|Secret/clustermesh-apiserver-(server|admin|local)-cert"));
        expectAnswers(3, "cluster3");
        expectAnswers(1, "cluster1", "cluster2");
    }

    @Test
    @Order(11)
    void uninstallLeavesNothingOnNodesAndInKubernetes() {
        for (int cluster : new int[] {2, 3}) {
            assertThat(lab.onNode(cluster, "node1", Traces.SCRIPT)).contains("/sys/fs/bpf/tombolo", "tombolo-wg0");
            lab.programs.tombolo("uninstall", "--yes", "--context", "cluster" + cluster);
            assertThat(lab.onNode(cluster, "node1", Traces.SCRIPT)).isBlank();
            assertThat(Traces.inKubernetes(lab, cluster)).isEmpty();
            assertThat(lab.programs.tombolo("uninstall", "--yes", "--context", "cluster" + cluster))
                    .contains("Tombolo is uninstalled");
        }
    }

    private Outcome install(int cluster, int id) {
        String context = "cluster" + cluster;
        return lab.programs.attempt(
                "install", "--context", context, "--set", "cluster.name=" + context, "--set", "cluster.id=" + id);
    }

    private void enable(int cluster) {
        lab.programs.tombolo("clustermesh", "enable", "--context", "cluster" + cluster);
    }

    private Outcome connect(String destinations, String... more) {
        var words = new ArrayList<>(
                List.of("clustermesh", "connect", "--context", "cluster1", "--destination-context", destinations));
        words.addAll(List.of(more));
        return lab.programs.attempt(words.toArray(String[]::new));
    }

    private static void expectRefusal(Outcome outcome, String... said) {
        assertThat(outcome.output()).contains(said);
        assertThat(outcome.code()).isEqualTo(1);
    }

    private void say(String status) {
        lab.patch(2, "clustermesh", "cluster", "{\"status\":" + status + "}", "--subresource=status");
    }

    private List<String> peers(int cluster) {
        return lab.get(cluster, "meshpeers").path("items").findValues("metadata").stream()
                .map(metadata -> metadata.path("name").asText())
                .toList();
    }

    private void shopIn(int cluster) {
        lab.shop.apply(cluster);
    }

    private void expectAnswers(int cluster, String... from) {
        MeshLab.await("answers in cluster" + cluster + " from " + List.of(from), () -> {
            var answers = lab.shop.load(cluster, 60);
            return answers.ok() == answers.sent()
                    && answers.byCluster().keySet().equals(java.util.Set.of(from));
        });
    }

    private static boolean marked(EtcdUser admin, EtcdUser.Watch watch) {
        admin.put(MARK + "first", "x");
        return watch.printed().contains(MARK + "first");
    }
}

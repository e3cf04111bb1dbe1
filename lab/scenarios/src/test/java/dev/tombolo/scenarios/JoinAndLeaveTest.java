package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.programs.Shop;
import java.io.IOException;
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

    private ThreeClusters clusters;
    private MeshLab lab;
    private ClusterObjects objects;
    private String statusOfCluster2;
    private EtcdUser ofPeer;
    private EtcdUser.Watch openWatch;

    @BeforeAll
    void up() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        clusters = new ThreeClusters();
        lab = clusters.lab;
        objects = new ClusterObjects(lab);
        clusters.install(1, 1).expectSuccess();
        clusters.install(2, 2).expectSuccess();
        clusters.enable(1);
    }

    @AfterAll
    void down() {
        if (openWatch != null) {
            openWatch.close();
        }
        if (clusters != null) {
            clusters.close();
        }
    }

    @Test
    @Order(1)
    void connectNamesWhatIsMissing() {
        var before = objects.read(1);
        ThreeClusters.expectRefusal(clusters.connect("nowhere"), "nowhere", "kubeconfig");
        ThreeClusters.expectRefusal(
                clusters.connect("cluster2"), "read no ClusterMesh", "tombolo clustermesh enable --context cluster2");
        ThreeClusters.expectRefusal(
                clusters.connect("cluster3"), "read no ClusterMesh", "tombolo clustermesh enable --context cluster3");
        assertThat(clusters.connect("cluster1").code()).isEqualTo(2);
        assertThat(clusters.install(3, 256).output()).contains("cluster.id", "256", "expected");
        assertThat(clusters.install(2, 9).output()).contains("read 9", "installed with 2", "uninstall");
        assertThat(objects.read(1)).isEqualTo(before);
        assertThat(lab.programs.attemptKubectl(3, "get", "ns", "tombolo-system").code())
                .isNotZero();
        clusters.enable(2);
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
        ThreeClusters.expectRefusal(clusters.connect("cluster2"), "nothing was changed", read, remedy);
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
                () -> clusters.peers(1).equals(List.of("cluster2"))
                        && clusters.peers(2).equals(List.of("cluster1")));
        first.destroyForcibly().waitFor();
        lab.signal("continue", 2, "clustermesh-apiserver", "apiserver");
        assertThat(clusters.connect("cluster2").expectSuccess())
                .contains("clusters cluster1 and cluster2 are connected");
        var before = List.of(objects.read(1), objects.read(2));
        assertThat(clusters.connect("cluster2").expectSuccess()).contains("no change: clusters cluster1 and cluster2");
        assertThat(List.of(objects.read(1), objects.read(2))).isEqualTo(before);
    }

    @Test
    @Order(4)
    void disconnectFallsBackToLocalBackendsAndTheCertificateOpensNothing() {
        lab.shop.apply(1);
        lab.shop.apply(2);
        clusters.expectAnswers(1, "cluster1", "cluster2");
        ofPeer = EtcdUser.remote(lab, 1, 2);
        openWatch = ofPeer.watch("cilium/state/");
        var admin = EtcdUser.admin(lab, 2);
        MeshLab.await("the watch to be told something", () -> marked(admin, openWatch));
        var load = lab.shop.startLoad(1, 12, 100);
        lab.programs.tombolo("clustermesh", "disconnect", "--context", "cluster1", "--destination-context", "cluster2");
        MeshLab.await(
                "the certificate to open nothing",
                () -> ofPeer.attempt("get", "cilium/.heartbeat").output().contains("permission denied"));
        clusters.expectAnswers(1, "cluster1");
        clusters.expectAnswers(2, "cluster2");
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster()).containsKeys("cluster1", "cluster2");
        for (int cluster : MeshLab.CLUSTERS) {
            assertThat(clusters.peers(cluster)).isEmpty();
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
        admin.run("del", "--prefix", MARK);
        assertThat(openWatch.printed().substring(before.length())).doesNotContain(MARK);
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
        ThreeClusters.expectRefusal(
                clusters.connect("cluster2", "--wait-duration", "4s"),
                "cluster cluster1 does not reach cluster2 at [" + unreachable + "]",
                "what this command made was taken back");
        assertThat(clusters.peers(1)).isEmpty();
        assertThat(clusters.peers(2)).isEmpty();
        lab.patch(2, "clustermesh", "cluster", "{\"spec\":{\"endpoints\":null}}");
        MeshLab.await(
                "the endpoint to be found out",
                () -> lab.get(2, "clustermesh", "cluster")
                        .at("/status/endpoints/0")
                        .asText()
                        .endsWith("172.30.2.11:32379"));
        assertThat(clusters.connect("cluster2").expectSuccess())
                .contains("clusters cluster1 and cluster2 are connected");
        clusters.expectAnswers(1, "cluster1", "cluster2");
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
        lab.shop.apply(3);
        clusters.expectAnswers(3, "cluster1", "cluster3");
    }

    @Test
    @Order(8)
    void severalDestinationsMakeAFullMesh() {
        assertThat(clusters.connect("cluster2,cluster3").expectSuccess())
                .contains("no change: clusters cluster1 and cluster2", "no change: clusters cluster1 and cluster3");
        lab.programs.tombolo("clustermesh", "connect", "--context", "cluster2", "--destination-context", "cluster3");
        for (int cluster = 1; cluster <= 3; cluster++) {
            clusters.expectAnswers(cluster, "cluster1", "cluster2", "cluster3");
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
        ThreeClusters.expectRefusal(
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
        clusters.expectAnswers(3, "cluster3");
        clusters.expectAnswers(1, "cluster1", "cluster2");
    }

    @Test
    @Order(11)
    void uninstallLeavesNothingOnNodesAndInKubernetes() throws IOException {
        for (int cluster : new int[] {2, 3}) {
            serveOutside(cluster);
            assertThat(lab.onNode(cluster, "node1", Traces.SCRIPT)).contains("/sys/fs/bpf/tombolo", "tombolo-wg0");
            lab.programs.tombolo("uninstall", "--yes", "--context", "cluster" + cluster);
            assertThat(lab.onNode(cluster, "node1", Traces.SCRIPT)).isBlank();
            assertThat(Traces.inKubernetes(lab, cluster)).isEmpty();
            // Nothing is left to take away, and that is fine.
            lab.programs.tombolo("uninstall", "--yes", "--context", "cluster" + cluster);
        }
    }

    /** So that there are programs at the uplinks to take away. */
    private void serveOutside(int cluster) throws IOException {
        new AppliedObjects(lab).apply(cluster, """
                apiVersion: v1
                kind: Service
                metadata: {name: outside, annotations: {service.cilium.io/global: "true"}}
                spec: {externalIPs: [192.0.2.97], ports: [{port: 80}]}
                """);
        MeshLab.await(
                "programs at the uplink",
                () -> lab.onNode(cluster, "node1", "ls /sys/fs/bpf/tombolo/v*/links")
                        .contains("lb_in_eth0"));
    }

    private void say(String status) {
        lab.patch(2, "clustermesh", "cluster", "{\"status\":" + status + "}", "--subresource=status");
    }

    private static boolean marked(EtcdUser admin, EtcdUser.Watch watch) {
        admin.put(MARK + "first", "x");
        return watch.printed().contains(MARK + "first");
    }
}

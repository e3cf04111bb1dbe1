package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A service of the first cluster whose backends are all in the second one, which may answer for it. Packets for
 * 192.0.2.112/28 are led to the first node of the first cluster.
 */
@ExtendWith(InMeshLab.class)
class AnswersAcrossClustersTest {
    private static final String CLIENT = "198.51.100.10";
    private static final String SERVICE = "192.0.2.112";
    private static final String CONSENT = "service.tombolo.dev/may-answer-for";
    private static final String FRAGMENTS = "nstat -asz IpFragCreates";
    private static final String NODE1 = "172.30.1.11";
    private static final String NODE2 = "172.30.1.12";
    private static final String SERVICES = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: ferry}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: slip
              namespace: ferry
              annotations: {service.cilium.io/global: "true", service.cilium.io/forwarding-mode: dsr}
            spec:
              selector: {app: slip}
              externalIPs: [%s]
              ports: [{name: http, port: 80, targetPort: 8080}]
            """;
    private static final String BACKENDS = """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: slip, namespace: ferry}
            spec:
              replicas: 2
              selector: {matchLabels: {app: slip}}
              template:
                metadata: {labels: {app: slip}}
                spec:
                  nodeName: node2
                  containers:
                    - name: echo
                      image: tombolo/lab-echo
                      readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
            """;

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        var objects = new AppliedObjects(lab);
        objects.apply(1, SERVICES.formatted(SERVICE));
        objects.apply(2, SERVICES.formatted("192.0.2.127") + BACKENDS);
        lab.programs.kubectl(2, "-n", "ferry", "wait", "--for=condition=Available", "deployment/slip", "--timeout=60s");
        lab.in("internet", "ip route replace 192.0.2.112/28 via " + NODE1);
    }

    @AfterAll
    static void remove(MeshLab lab) {
        lab.in("internet", "ip route del 192.0.2.112/28");
        MeshLab.CLUSTERS.forEach(
                cluster -> lab.programs.kubectl(cluster, "delete", "namespace", "ferry", "--timeout=60s"));
    }

    @AfterEach
    void takeBack(MeshLab lab) {
        consent(lab, CONSENT + "-");
        awaitSource(lab, false);
    }

    @Test
    void theBackendsNodeAnswersWhereItsAdministratorConsents(MeshLab lab) {
        awaitSource(lab, false);
        consent(lab, CONSENT + "=192.0.2.112/28");
        var result = awaitSource(lab, true);
        assertThat(result.byCluster().keySet()).containsExactly("cluster2");
        assertThat(result.byPod()).hasSize(2);
        consent(lab, CONSENT + "=192.0.2.113");
        awaitSource(lab, false);
    }

    /** What the client sends goes through the tunnel with more around it than what others send. */
    @Test
    void whatTheClientSendsFitsTheTunnel(MeshLab lab) {
        consent(lab, CONSENT + "=" + SERVICE);
        awaitSource(lab, true);
        String before = lab.onNode(1, "node1", FRAGMENTS);
        assertThat(load(lab, "--requests 4 --concurrency 1 --timeout-ms 5000 --bulk 2000000")
                        .ok())
                .isEqualTo(4);
        assertThat(lab.onNode(1, "node1", FRAGMENTS))
                .as("nothing of it in pieces")
                .isEqualTo(before);
    }

    /** Each node comes to the same backend, and that one's node knows the connection. */
    @Test
    void connectionsOutliveTheNodeByWhichTheyCame(MeshLab lab) {
        consent(lab, CONSENT + "=" + SERVICE);
        awaitSource(lab, true);
        var kept = CompletableFuture.supplyAsync(
                () -> load(lab, "--rate 48 --keepalive --concurrency 24 --duration 10 --timeout-ms 1000"));
        MeshLab.await(
                "the connections",
                () -> lab.in("outside", "ss -Htn state established dst " + SERVICE)
                                .lines()
                                .count()
                        == 24);
        lab.in("internet", "ip route replace %s/32 via %s".formatted(SERVICE, NODE2));
        assertThat(kept.join().ok()).isEqualTo(kept.join().sent()).isPositive();
        lab.in("internet", "ip route del %s/32".formatted(SERVICE));
    }

    @Test
    void agentsThatDieLoseNoConnection(MeshLab lab) {
        consent(lab, CONSENT + "=" + SERVICE);
        awaitSource(lab, true);
        var kept = CompletableFuture.supplyAsync(
                () -> load(lab, "--rate 48 --keepalive --concurrency 24 --duration 15 --timeout-ms 1000"));
        MeshLab.CLUSTERS.forEach(cluster ->
                KilledContainers.kill(lab, cluster, "tombolo-agent", "agent").awaitBack());
        assertThat(kept.join().ok()).isEqualTo(kept.join().sent()).isPositive();
        assertThat(awaitSource(lab, true).byCluster().keySet()).containsExactly("cluster2");
    }

    @Test
    void whatIsNoAddressIsShown(MeshLab lab) {
        consent(lab, CONSENT + "=192.0.2.112/28 everywhere");
        awaitSource(lab, true);
        MeshLab.await(
                "the word to be shown",
                () -> lab.problems(2)
                        .contains("MeshPeer cluster1 annotation " + CONSENT
                                + ", has no effect where it says everywhere"));
    }

    private static void consent(MeshLab lab, String annotation) {
        lab.programs.kubectl(2, "annotate", "--overwrite", "meshpeer", "cluster1", annotation);
    }

    /** @param client whether backends are to see the client, or else a node of its cluster */
    private static LoadResult awaitSource(MeshLab lab, boolean client) {
        return MeshLab.await(
                client ? "the backends to see the client" : "the backends to see a node",
                () -> load(lab, "--requests 40 --concurrency 2 --timeout-ms 1000"),
                answers -> answers.ok() == answers.sent()
                        && answers.bySource().size() == 1
                        && answers.bySource().containsKey(CLIENT) == client);
    }

    private static LoadResult load(MeshLab lab, String options) {
        return OutsideClient.load(lab, SERVICE, options);
    }
}

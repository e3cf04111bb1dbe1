package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The lab's router, BIRD, peers with every node of both clusters. A service of both has the external address 192.0.2.144; its
 * backends are on the second nodes. Nobody has told the router of it but they.
 */
@ExtendWith(InMeshLab.class)
class RoutersTest {
    private static final String SERVICE = "192.0.2.144";
    private static final int A_SECOND = 40;
    private static final Set<String> ALL_NODES = Set.of("172.30.1.11", "172.30.1.12", "172.30.2.11", "172.30.2.12");
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
            metadata: {name: router}
            spec:
              timers: {holdTimeSeconds: 9, keepAliveTimeSeconds: 3}
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

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        var objects = new AppliedObjects(lab);
        for (int cluster : MeshLab.CLUSTERS) {
            objects.apply(cluster, SERVICES);
            objects.apply(cluster, BGP.formatted(64_512 + cluster, "172.30." + cluster + ".1"));
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

    private static void awaitNextHops(MeshLab lab, Set<String> nodes) {
        MeshLab.await("the router to have the ways " + nodes, () -> nextHops(lab, SERVICE), nodes::equals);
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

package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.machine.Cgroups;
import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.scenarios.EgressScene.Sender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What happens to a gateway in a long life. In each case the policy says what is wrong, nothing leaves under another
 * address, and all goes on when the fault is over.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class EgressFaultsTest {
    private static final List<String> CLUSTER_NODES = List.of("node1", "node2");
    private static final String BY_DEFAULT_ROUTE = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: beside}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: billing, io.kubernetes.pod.namespace: finance}
              destinationCIDRs: [198.51.100.11/32]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
            """;

    private static final String TO_KUBERNETES = "ip route replace 10.96.0.0/16 via 172.30.1.1 dev eth0";
    private static final String FLOATING = "172.30.1.210";
    private static final Duration PUT_BACK = Duration.ofSeconds(5);
    private static final String POOL = """
            apiVersion: tombolo.dev/v1alpha1
            kind: EgressIPPool
            metadata: {name: floating}
            spec:
              ranges: [{start: 172.30.1.210, end: 172.30.1.211}]
            ---
            """;

    /** Of a pool's address, or one of the administrator: the policy says nothing of that. */
    private static final String BY_FLOATING = BY_DEFAULT_ROUTE.stripTrailing() + "\n    egressIP: " + FLOATING + "\n";

    /** Asks once, and waits for the answer for a second. */
    private static final String FROM_ONE_PORT = """
            socket(S, PF_INET, SOCK_DGRAM, 0);
            bind(S, sockaddr_in(4000, INADDR_ANY)) or die $!;
            alarm 1;
            send(S, "/", 0, sockaddr_in(8080, inet_aton("198.51.100.10")));
            recv(S, $_, 999, 0);
            print;
            """;

    private MeshLab lab;
    private EgressScene scene;
    private EgressConditions conditions;

    @BeforeAll
    void prepare(MeshLab shared) {
        lab = shared;
        scene = new EgressScene(lab);
        conditions = new EgressConditions(lab);
        scene.prepare();
        conditions.awaitInForce("billing");
    }

    @AfterAll
    void remove() {
        scene.remove();
    }

    /** Its agent, its WireGuard and its pods, which all are started again. The sender is on the other node. */
    @Test
    void allProcessesOfTheGatewaysNodeAreKilledAtOnce() {
        var load = tolerant(Sender.BILLING);
        try (var leaving = LeavingTraffic.watch(lab)) {
            killAll("node2");
            MeshLab.await("the pod of node2 to be started again", () -> restarts(Sender.BILLING_AT_GATEWAY) > 0);
            expectSeenAgain(leaving);
        } finally {
            load.endInput();
        }
        expectOnlyTheEgressAddress(load);
        conditions.awaitInForce("billing");
    }

    private int restarts(Sender sender) {
        String pod = lab.shop.pods(1, "finance", sender.deployment).getFirst();
        return lab.get(1, "-n", "finance", "pod", pod)
                .at("/status/containerStatuses/0/restartCount")
                .asInt();
    }

    /** At both ends of the way to the gateway; who needs no way loses nothing. */
    @Test
    void theWireGuardOfAllNodesIsKilled() {
        var far = tolerant(Sender.BILLING);
        var near = scene.startLoad(Sender.BILLING_AT_GATEWAY, "--rate", "50");
        try (var leaving = LeavingTraffic.watch(lab)) {
            KilledContainers.kill(lab, 1, "tombolo-wireguard", "carriers").awaitBack();
            expectSeenAgain(leaving);
        } finally {
            far.endInput();
            near.endInput();
        }
        expectOnlyTheEgressAddress(far);
        expectNothingLost(near);
        conditions.awaitInForce("billing");
    }

    /** There is no other gateway, so that it stays whatever node1 says of it, and who reaches it goes on. */
    @Test
    void theGatewayCannotBeReachedFromOneNodeAlone() {
        var near = scene.startLoad(Sender.BILLING_AT_GATEWAY, "--rate", "50");
        try (var leaving = LeavingTraffic.watch(lab)) {
            lab.programs.fault("cut", "cluster1/node1", "cluster1/node2");
            expectSilence(Sender.BILLING);
            lab.heal();
            expectSeenAgain(leaving);
        } finally {
            near.endInput();
        }
        expectNothingLost(near);
        conditions.awaitInForce("billing");
    }

    @Test
    void theAddressIsTakenOffByHand() {
        try (var leaving = LeavingTraffic.watch(lab)) {
            scene.loseAddress();
            conditions.awaitProblem("billing", "IPNotFound: node2 has no IPv4 address for " + EGRESS_IP);
            Sender.SELECTED.forEach(this::expectSilence);
            assertThat(leaving.sources()).isEmpty();
            scene.holdAddress();
            expectSeenAgain(leaving);
        } finally {
            scene.holdAddress();
        }
        conditions.awaitInForce("billing");
    }

    @Test
    void anAddressOfAPoolIsTakenOffByHandAndPutBack() {
        try (var leaving = LeavingTraffic.watch(lab)) {
            lab.programs.apply(1, POOL + BY_FLOATING);
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, EgressScene.BESIDE, FLOATING));
            lab.onNode(1, "node2", "ip addr del " + FLOATING + "/32 dev eth0");
            Awaitility.await("the address to be back")
                    .atMost(PUT_BACK)
                    .until(() -> lab.onNode(1, "node2", "ip -o -4 address show").contains(FLOATING + "/32"));
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, EgressScene.BESIDE, FLOATING));
            assertThat(leaving.sources()).containsExactly(FLOATING + " . tcp");
        } finally {
            lab.programs.kubectl(1, "delete", "ciliumegressgatewaypolicy", "beside", "--ignore-not-found");
            lab.programs.kubectl(1, "delete", "egressippool", "floating", "--ignore-not-found");
        }
        MeshLab.await(
                "the address to be gone",
                () -> !lab.onNode(1, "node2", "ip -o -4 address show").contains(FLOATING));
        whatHasLeftItsPoolIsTheAdministrators();
    }

    /** Nothing may leave by an address that another node could have meanwhile; this one is no pool's any more. */
    private void whatHasLeftItsPoolIsTheAdministrators() {
        lab.onNode(1, "node2", "ip addr add " + FLOATING + "/24 dev eth0");
        try {
            lab.programs.apply(1, BY_FLOATING);
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, EgressScene.BESIDE, FLOATING));
        } finally {
            lab.programs.kubectl(1, "delete", "ciliumegressgatewaypolicy", "beside", "--ignore-not-found");
            lab.onNode(1, "node2", "ip addr del " + FLOATING + "/24 dev eth0");
        }
    }

    /**
     * With the last time down the kernel takes the default route, and nobody puts it back. Services have a route of their
     * own: without one the agent, as all that asks Kubernetes by its Service, could tell nobody what is wrong.
     */
    @Test
    void theNetworkDeviceFlapsAndLosesTheDefaultRoute() {
        var far = tolerant(Sender.BILLING);
        var near = tolerant(Sender.BILLING_AT_GATEWAY);
        String routes = lab.onNode(1, "node2", "ip -4 route show dev eth0 | grep via");
        try (var leaving = LeavingTraffic.watch(lab)) {
            flap(10, routes);
            expectSeenAgain(leaving);
            lab.onNode(1, "node2", "ip link set eth0 down; ip link set eth0 up; " + TO_KUBERNETES);
            conditions.awaitProblem("billing", "NoRoute: node2 has no route to 198.51.100.10/32 by eth0");
            Sender.SELECTED.forEach(this::expectSilence);
            lab.onNode(1, "node2", replace(routes));
            expectSeenAgain(leaving);
        } finally {
            lab.onNode(1, "node2", replace(routes) + "; ip route flush exact 10.96.0.0/16");
            far.endInput();
            near.endInput();
        }
        expectOnlyTheEgressAddress(far);
        expectOnlyTheEgressAddress(near);
        conditions.awaitInForce("billing");
    }

    /** Connections of the gateway's own pods cross its conntrack, which keeps what it once decided about them. */
    @Test
    void connectionsThatOutliveTheirPolicyDoNotLeaveUnderThePodsAddress() {
        var kept = scene.startLoad(
                Sender.BILLING_AT_GATEWAY, "--rate", "40", "--keepalive", "--concurrency", "4", "--timeout-ms", "500");
        var datagrams = scene.startLoad(
                Sender.BILLING_AT_GATEWAY, "--rate", "40", "--udp", "--keepalive", "--timeout-ms", "500");
        try (var leaving = LeavingTraffic.watch(lab)) {
            MeshLab.await("both to leave", () -> leaving.sources().size() == 2);
            scene.deletePolicy();
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, sender.node));
            assertThat(leaving.sources()).noneMatch(source -> source.startsWith("10."));
        } finally {
            kept.endInput();
            datagrams.endInput();
            scene.steerToOutside();
        }
        assertThat(LoadResult.parse(kept.join().output()).bySource())
                .containsOnlyKeys(EGRESS_IP, Sender.BILLING_AT_GATEWAY.node);
    }

    /** As of a program that logs to the outside: its socket is never silent for as long as the kernel remembers a flow. */
    @ParameterizedTest
    @EnumSource(names = {"BILLING", "BILLING_AT_GATEWAY"})
    void datagramsFromOnePortFollowThePolicyWhenItGoesAndComes(Sender sender) {
        try (var leaving = LeavingTraffic.watch(lab)) {
            awaitSeenFromOnePort(sender, EGRESS_IP);
            scene.deletePolicy();
            awaitSeenFromOnePort(sender, sender.node);
            scene.steerToOutside();
            awaitSeenFromOnePort(sender, EGRESS_IP);
            assertThat(leaving.sources()).noneMatch(source -> source.startsWith("10."));
        } finally {
            scene.steerToOutside();
        }
    }

    private void awaitSeenFromOnePort(Sender sender, String address) {
        MeshLab.await(
                sender + " to be seen as " + address + " from one port",
                () -> scene.start(sender, "perl", "-MSocket", "-e", FROM_ONE_PORT)
                        .join()
                        .output()
                        .contains("\"source\":\"" + address + ":"));
    }

    @Test
    void theNodeHasSeveralWaysOut() {
        String before = lab.onNode(1, "node2", "ip -4 route show default").strip();
        try (var leaving = LeavingTraffic.watch(lab)) {
            lab.in("internet", "ip addr replace 172.30.1.3/24 dev net1");
            lab.onNode(
                    1,
                    "node2",
                    "ip route replace default nexthop via 172.30.1.1 dev eth0 nexthop via 172.30.1.3 dev eth0");
            lab.programs.apply(1, BY_DEFAULT_ROUTE);
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, EgressScene.BESIDE, "172.30.1.12"));
            conditions.awaitInForce("beside");
            assertThat(leaving.sources()).containsExactly("172.30.1.12 . tcp");
        } finally {
            lab.onNode(1, "node2", "ip route replace " + before);
            lab.in("internet", "ip addr del 172.30.1.3/24 dev net1");
            lab.programs.kubectl(1, "delete", "ciliumegressgatewaypolicy", "beside", "--ignore-not-found");
        }
    }

    /** Towards the outside, where a router says so. */
    @Test
    void theOutsideTakesSmallPacketsOnly() {
        String route = "ip route replace 198.51.100.0/24 dev outside proto kernel scope link src 198.51.100.1 ";
        try (var leaving = LeavingTraffic.watch(lab)) {
            lab.in("internet", route + "mtu lock 1280");
            lab.programs.fault("mtu", "1280");
            Sender.SELECTED.forEach(this::expectMegabytes);
            assertThat(leaving.sources()).allMatch(source -> source.startsWith(EGRESS_IP + " "));
        } finally {
            lab.in("internet", route);
            lab.in("outside", "ip route flush cache");
        }
    }

    /** A switch between the nodes, which cannot tell anybody; batches of segments do not get by it as one. */
    @Test
    void theWayToTheGatewayTakesSmallPacketsOnly() {
        try (var leaving = LeavingTraffic.watch(lab)) {
            CLUSTER_NODES.forEach(node -> lab.onNode(1, node, "ip link set dev eth0 gso_max_segs 1"));
            for (String port : List.of("dport", "sport")) {
                lab.in(
                        "internet",
                        "nft add rule bridge faults forward udp " + port + " 51873 meta length gt 1280 drop");
            }
            scene.awaitTold(Sender.BILLING, 1_216);
            Sender.SELECTED.forEach(scene::expectMegabytes);
            MeshLab.await("the gateway to be told", () -> narrowWays().equals("node2=1216"));
            lab.heal();
            scene.awaitWide(Sender.BILLING);
            MeshLab.await("the gateway to be told", () -> narrowWays().isEmpty());
            assertThat(leaving.sources()).allMatch(source -> source.startsWith(EGRESS_IP + " "));
        } finally {
            CLUSTER_NODES.forEach(node -> lab.onNode(1, node, "ip link set dev eth0 gso_max_segs 65535"));
        }
    }

    /** What node1 says of the ways to gateways. */
    private String narrowWays() {
        return lab.get(1, "node", "node1")
                .at("/metadata/annotations/egress.tombolo.dev~1narrow-ways")
                .asText();
    }

    private void expectMegabytes(Sender sender) {
        scene.expectMegabytes(sender);
        String told = scene.start(sender, "ip", "route", "get", "198.51.100.10")
                .join()
                .expectSuccess();
        assertThat(told).as("what %s learnt of the path", sender).contains("mtu 1280");
    }

    private void flap(int times, String routes) {
        lab.onNode(
                1,
                "node2",
                "for i in $(seq " + times + "); do ip link set eth0 down; sleep 0.2; ip link set eth0 up; "
                        + replace(routes) + "; sleep 0.3; done");
    }

    private static String replace(String routes) {
        return routes.lines()
                .map(route -> "ip route replace " + route + " dev eth0")
                .reduce("true", (all, one) -> all + "; " + one);
    }

    private void killAll(String node) {
        try {
            Cgroups.kill(lab.home.cgroup().resolve("cluster1").resolve(node).resolve("pods"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Requests of which some will be lost. */
    private Programs.Running tolerant(Sender sender) {
        return scene.startLoad(sender, "--rate", "20", "--timeout-ms", "500");
    }

    private void expectSeenAgain(LeavingTraffic leaving) {
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
        assertThat(leaving.sources()).containsExactly(EGRESS_IP + " . tcp");
    }

    private void expectSilence(Sender sender) {
        MeshLab.await(
                sender + " to get no answer",
                () -> scene.ask(sender, OUTSIDE, "--requests", "3", "--timeout-ms", "300")
                                .ok()
                        == 0);
    }

    private static void expectOnlyTheEgressAddress(Programs.Running load) {
        assertThat(LoadResult.parse(load.join().output()).bySource()).containsOnlyKeys(EGRESS_IP);
    }

    private static void expectNothingLost(Programs.Running load) {
        var result = LoadResult.parse(load.join().output());
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.bySource()).containsOnlyKeys(EGRESS_IP);
    }
}

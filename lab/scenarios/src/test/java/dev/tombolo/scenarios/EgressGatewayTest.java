package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.BESIDE;
import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;
import static dev.tombolo.scenarios.EgressScene.INSIDE;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import dev.tombolo.scenarios.EgressScene.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pods that a policy selects are seen outside under its address and under no other, whatever is killed or taken away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class EgressGatewayTest {
    private static final String TCP = EGRESS_IP + " . tcp";
    private static final String UDP = EGRESS_IP + " . udp";
    private static final String ICMP = EGRESS_IP + " . icmp";

    /** What may go out at once: so many seconds' worth of the limit. */
    private static final double BURST = 0.25;

    private static final double LARGEST_PACKET = 65_536;

    private static final String NETWORK_POLICY = """
            iptables-nft -N TEST-POLICY
            iptables-nft -A TEST-POLICY -m conntrack --ctstate INVALID -j DROP
            iptables-nft -A TEST-POLICY -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables-nft -A TEST-POLICY -p tcp --dport 8080 -j ACCEPT
            iptables-nft -A TEST-POLICY -j REJECT
            iptables-nft -I FORWARD -s %1$s -j TEST-POLICY
            iptables-nft -I FORWARD -d %1$s -j TEST-POLICY
            """;

    private static final String NO_NETWORK_POLICY = """
            iptables-nft -D FORWARD -s %1$s -j TEST-POLICY
            iptables-nft -D FORWARD -d %1$s -j TEST-POLICY
            iptables-nft -F TEST-POLICY
            iptables-nft -X TEST-POLICY
            """;

    private EgressScene scene;

    @BeforeAll
    void prepare(MeshLab lab) {
        scene = new EgressScene(lab);
        scene.prepare();
    }

    @AfterAll
    void remove(MeshLab lab) {
        new EgressScene(lab).remove();
    }

    @ParameterizedTest
    @EnumSource(names = {"BILLING", "BILLING_AT_GATEWAY"})
    @Tag(InMeshLab.ONLY_LOOKS)
    void selectedPodsAreSeenUnderTheEgressAddress(Sender sender, MeshLab lab) {
        try (var leaving = LeavingTraffic.watch(lab)) {
            expectSeen(sender, OUTSIDE, EGRESS_IP);
            expectSeen(sender, OUTSIDE, EGRESS_IP, "--udp");
            scene.load(sender, OUTSIDE, "--requests", "2", "--bulk", "1000000")
                    .join()
                    .expectSuccess();
            scene.load(sender, OUTSIDE, "--requests", "1", "--bulk", "300000", "--udp")
                    .join()
                    .expectSuccess();
            assertThat(scene.start(sender, "ping", "-q", "-c", "5", "-i", "0.2", "-W", "2", "198.51.100.10")
                            .join()
                            .expectSuccess())
                    .contains(" 0% packet loss");
            assertThat(leaving.sources()).containsExactlyInAnyOrder(TCP, UDP, ICMP);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUDIT", "AUDIT_AT_GATEWAY"})
    @Tag(InMeshLab.ONLY_LOOKS)
    void otherPodsAreSeenUnderTheAddressOfTheirNode(Sender sender, MeshLab lab) {
        try (var leaving = LeavingTraffic.watch(lab)) {
            expectSeen(sender, OUTSIDE, sender.node);
            assertThat(leaving.sources()).containsExactly(sender.node + " . tcp");
        }
    }

    /** Kubernetes and the command line say of the policy what its packets show. */
    @Test
    @Tag(InMeshLab.ONLY_LOOKS)
    void thePolicyIsSaidToBeInForce(MeshLab lab) {
        MeshLab.await(
                "the policy to be programmed",
                () -> lab.look("egress", "list", "--context", "cluster1").code() == 0);
        assertThat(lab.programs
                        .kubectl(1, "get", "ciliumegressgatewaypolicies")
                        .split("\n")[1]
                        .split("\\s{2,}"))
                .startsWith("billing", "True")
                .contains("node2", EGRESS_IP, "2");
        var policy = scene.listed("billing");
        assertThat(policy.path("reason").asText()).isEqualTo("InSync");
        assertThat(policy.path("message").asText()).isEqualTo("2 of 2 nodes");
        assertThat(policy.path("selected_pods").asInt()).isEqualTo(2);
        assertThat(policy.path("gateways").findValuesAsText("node")).containsExactly("node2");
        assertThat(policy.path("egress_ips").asText()).isEqualTo(EGRESS_IP);
    }

    /** Counted at the gateway, shown by Kubernetes. */
    @Test
    void openConnectionsAreListed() {
        forgetFlows();
        var load = scene.startLoad(
                Sender.BILLING, "--rate", "100", "--keepalive", "--concurrency", "8", "--connections", "60");
        try {
            MeshLab.await("the connections to be listed", () -> scene.listed("billing"), policy -> {
                var gateway = policy.path("load").path(0);
                return policy.path("connections").asInt() >= 60
                        && gateway.path("node").asText().equals("node2")
                        && gateway.path("egress_ip").asText().equals(EGRESS_IP)
                        && gateway.path("fullest_destination").asText().equals("198.51.100.10:8080 TCP")
                        && gateway.path("ports_used").asInt() >= 60;
            });
        } finally {
            load.endInput();
        }
        assertThat(Shop.result(load).bySource()).containsOnlyKeys(EGRESS_IP);
    }

    /** Datagrams that other scenarios sent to the same server are remembered for minutes; without the address they are over. */
    private void forgetFlows() {
        try {
            scene.loseAddress();
            MeshLab.await("translations to end", () -> scene.rows("node2", "eg_nat"), rows -> rows == 0);
        } finally {
            scene.holdAddress();
        }
        scene.awaitSeen(Sender.BILLING, OUTSIDE, EGRESS_IP);
    }

    @ParameterizedTest
    @EnumSource(Sender.class)
    @Tag(InMeshLab.ONLY_LOOKS)
    void whatHappensToPacketsIsExplained(Sender sender) {
        var outside = scene.explain(sender, "198.51.100.10");
        if (Sender.SELECTED.contains(sender)) {
            assertThat(outside.path("outcome").asText()).isEqualTo("gateway");
            assertThat(outside.path("gateway").asText()).isEqualTo("node2");
            assertThat(outside.path("egress_ip").asText()).isEqualTo(EGRESS_IP);
            assertThat(outside.path("in_place").asBoolean()).isTrue();
        } else {
            assertThat(outside.path("outcome").asText()).isEqualTo("no_policy");
        }
        assertThat(scene.explain(sender, scene.addressOf(Sender.AUDIT))
                        .path("outcome")
                        .asText())
                .isEqualTo("internal");
    }

    @ParameterizedTest
    @EnumSource(names = {"BILLING", "BILLING_AT_GATEWAY"})
    @Tag(InMeshLab.ONLY_LOOKS)
    void nothingChangesInsideTheMesh(Sender sender) {
        expectUntouchedInside(sender);
    }

    @Test
    void nothingChangesInsideTheMeshWhenThePolicyNamesTheWholeWorld() {
        try {
            scene.steer("0.0.0.0/0", "");
            for (var sender : Sender.SELECTED) {
                scene.awaitSeen(sender, BESIDE, EGRESS_IP);
                expectUntouchedInside(sender);
            }
        } finally {
            scene.steerToOutside();
        }
    }

    @Test
    void anExcludedRangeLeavesFromTheNode() {
        try {
            scene.steer("198.51.100.0/24", "198.51.100.10/32");
            for (var sender : Sender.SELECTED) {
                scene.awaitSeen(sender, BESIDE, EGRESS_IP);
                scene.awaitSeen(sender, OUTSIDE, sender.node);
            }
        } finally {
            scene.steerToOutside();
        }
    }

    @Test
    void agentsThatAreKilledLoseNothing(MeshLab lab) {
        try (var leaving = LeavingTraffic.watch(lab)) {
            expectNothingLost(
                    () -> {
                        KilledContainers.kill(lab, 1, "tombolo-agent", "agent").awaitBack();
                        Sender.SELECTED.forEach(sender -> expectSeen(sender, OUTSIDE, EGRESS_IP));
                    },
                    scene.startLoad(Sender.BILLING, "--rate", "50"),
                    scene.startLoad(Sender.BILLING, "--rate", "20", "--keepalive", "--concurrency", "8"),
                    scene.startLoad(Sender.BILLING_AT_GATEWAY, "--rate", "50", "--udp"),
                    scene.startLoad(Sender.BILLING_AT_GATEWAY, "--rate", "20", "--keepalive", "--concurrency", "8"));
            assertThat(leaving.sources()).containsExactlyInAnyOrder(TCP, UDP);
        }
    }

    /** What cannot have the address does not leave, and leaves again as soon as it can. */
    @Test
    void nothingLeavesWhileTheGatewayLacksTheAddress(MeshLab lab) {
        var load = scene.startLoad(Sender.BILLING, "--rate", "20", "--timeout-ms", "500");
        try (var leaving = LeavingTraffic.watch(lab)) {
            scene.loseAddress();
            Sender.SELECTED.forEach(this::expectSilence);
            scene.holdAddress();
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
            assertThat(leaving.sources()).containsExactly(TCP);
        } finally {
            scene.holdAddress();
            load.endInput();
        }
        assertThat(LoadResult.parse(load.join().output()).bySource()).containsOnlyKeys(EGRESS_IP);
    }

    /** Rules of the node's firewall, as most CNIs make them of a network policy: pods may only ask the one port. */
    @ParameterizedTest
    @EnumSource(names = {"BILLING", "BILLING_AT_GATEWAY"})
    void networkPolicyDecidesOnTheWayToTheGateway(Sender sender, MeshLab lab) {
        String pod = scene.addressOf(sender);
        String node = sender == Sender.BILLING ? "node1" : "node2";
        try (var leaving = LeavingTraffic.watch(lab)) {
            lab.onNode(1, node, NETWORK_POLICY.formatted(pod));
            expectSeen(sender, OUTSIDE, EGRESS_IP);
            scene.load(sender, OUTSIDE, "--requests", "2", "--bulk", "300000")
                    .join()
                    .expectSuccess();
            assertThat(scene.ask(sender, OUTSIDE, "--udp", "--requests", "2", "--timeout-ms", "500")
                            .ok())
                    .isZero();
            assertThat(leaving.sources()).containsExactly(TCP);
            lab.onNode(1, node, "iptables-nft -R TEST-POLICY 3 -p tcp --dport 8081 -j ACCEPT");
            expectSilence(sender);
            assertThat(leaving.sources()).containsExactly(TCP);
        } finally {
            lab.onNode(1, node, NO_NETWORK_POLICY.formatted(pod));
        }
        expectSeen(sender, OUTSIDE, EGRESS_IP, "--udp");
    }

    /** One connection comes near the limit, and never gets more than the limit and what may go out at once. */
    @ParameterizedTest
    @EnumSource(names = {"BILLING", "BILLING_AT_GATEWAY"})
    void aPolicyWithALimitSendsAsMuchAndNoMore(Sender sender) {
        int bytes = 3_000_000;
        double withoutLimit = 0.75;
        assertThat(seconds(sender, bytes)).isLessThan(withoutLimit);
        try {
            expectRate(sender, 100, 16_000_000);
            expectRate(sender, 8, bytes);
        } finally {
            scene.annotate("egress.tombolo.dev/rate-limit-");
            MeshLab.await("the limit to be gone", () -> seconds(sender, bytes), seconds -> seconds < withoutLimit);
        }
    }

    /** What congestion control makes of drops is luck at times; that it is no more than the limit holds every time. */
    private void expectRate(Sender sender, int megabits, int bytes) {
        double limit = megabits * 1_000_000 / 8.0;
        double least = bytes / limit - BURST - LARGEST_PACKET / limit;
        scene.annotate("egress.tombolo.dev/rate-limit=" + megabits + "M");
        MeshLab.await("the limit to hold", () -> seconds(sender, bytes), seconds -> seconds > least);
        MeshLab.await(
                "80 % of " + megabits + " Mbit/s",
                () -> {
                    double seconds = seconds(sender, bytes);
                    assertThat(seconds).isGreaterThan(least);
                    return seconds;
                },
                seconds -> seconds < bytes / limit / 0.8);
    }

    /** How long it took until as many bytes were out and back. */
    private double seconds(Sender sender, int bytes) {
        String output = scene.load(
                        sender, OUTSIDE, "--requests", "1", "--bulk", Integer.toString(bytes), "--timeout-ms", "20000")
                .join()
                .expectSuccess();
        return MeshLab.json(output.lines()
                        .filter(line -> line.startsWith("{"))
                        .toList()
                        .getLast())
                .path("seconds")
                .asDouble();
    }

    @Test
    void withoutThePolicyPodsLeaveAsBefore() {
        try {
            scene.deletePolicy();
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, sender.node));
        } finally {
            scene.steerToOutside();
        }
    }

    private void expectSeen(Sender sender, String url, String address, String... options) {
        var words = new ArrayList<>(List.of("--requests", "100", "--concurrency", "4"));
        words.addAll(List.of(options));
        assertThat(scene.ask(sender, url, words.toArray(String[]::new)).bySource())
                .as("addresses that %s was seen under at %s", sender, url)
                .isEqualTo(Map.of(address, 100L));
    }

    /** What is sent to pods keeps its address: to those of a service of both clusters, and of this cluster alone. */
    private void expectUntouchedInside(Sender sender) {
        String own = scene.addressOf(sender);
        expectSeen(sender, Shop.URL, own);
        expectSeen(sender, INSIDE, own);
        assertThat(scene.ask(sender, Shop.URL, "--requests", "40").byCluster()).hasSize(2);
    }

    private void expectSilence(Sender sender) {
        MeshLab.await(
                sender + " to get no answer",
                () -> scene.ask(sender, OUTSIDE, "--requests", "3", "--timeout-ms", "500")
                                .ok()
                        == 0);
        assertThat(scene.ask(sender, OUTSIDE, "--requests", "20", "--concurrency", "10", "--timeout-ms", "500")
                        .ok())
                .isZero();
    }

    /** The loads end with what is done meanwhile, also if that fails: others come after it in the same lab. */
    private static void expectNothingLost(Runnable meanwhile, Programs.Running... loads) {
        try {
            meanwhile.run();
        } finally {
            List.of(loads).forEach(Programs.Running::endInput);
        }
        for (var load : loads) {
            LoadResult result = Shop.result(load);
            assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
            assertThat(result.bySource()).containsOnlyKeys(EGRESS_IP);
        }
    }
}

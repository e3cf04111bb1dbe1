package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.scenarios.EgressScene.Sender;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** An address of a pool is on one of two gateways, and moves to the other one: by agreement, and never to both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class EgressFailoverTest {
    private static final String POOL = """
            apiVersion: tombolo.dev/v1alpha1
            kind: EgressIPPool
            metadata: {name: floating}
            spec:
              ranges: [{start: 172.30.1.200, end: 172.30.1.205}]
            """;
    private static final List<String> GATEWAYS = List.of("node1", "node2");
    private static final int CONNECTIONS = 8;
    private static final Duration BUDGET = Duration.ofSeconds(1);
    private static final Duration FROZEN = Duration.ofSeconds(10);
    private static final Duration BETWEEN_PINGS = Duration.ofMillis(50);
    /** Nothing passes between the devices that lead to gateways; all else does. */
    private static final String NO_CARRIERS = """
            nft 'add rule bridge faults forward udp dport 51873 drop'
            nft 'add rule bridge faults forward udp sport 51873 drop'
            """;

    private static final Pattern ANSWERED = Pattern.compile("icmp_seq=(\\d+) ttl");

    private MeshLab lab;
    private EgressScene scene;

    /** Who owns the address, as etcd has it. */
    private record Owner(String node, long epoch) {
        String other() {
            return GATEWAYS.stream()
                    .filter(node -> !node.equals(this.node))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @BeforeAll
    void prepare(MeshLab shared) {
        lab = shared;
        scene = new EgressScene(lab);
        GATEWAYS.forEach(node -> lab.programs.kubectl(1, "label", "--overwrite", "node", node, "egress=yes"));
        lab.programs.apply(1, POOL);
        scene.preparePods();
        scene.steer("198.51.100.10/32", "");
        expectAllSeen();
    }

    @AfterAll
    void remove() {
        scene.deletePolicy();
        lab.programs.kubectl(1, "delete", "egressippool", "floating", "--ignore-not-found");
        lab.programs.kubectl(1, "label", "node", "node1", "egress-");
        MeshLab.await("nobody to have the address", () -> holders().isEmpty());
        scene.remove();
    }

    @Test
    void aNodeThatDrainsHandsItsAddressOver() {
        var before = owner();
        var connections = Sender.SELECTED.stream().map(this::connect).toList();
        try (var leaving = LeavingTraffic.watch(lab)) {
            lab.programs.kubectl(1, "annotate", "node", before.node(), "egress.tombolo.dev/drain=yes");
            MeshLab.await(
                    "the other node to own the address", () -> owner().node().equals(before.other()));
            expectAllSeen();
            MeshLab.await("one node to have it", () -> holders().equals(Set.of(before.other())));
            expectOnlyTheEgressAddress(leaving);
        } finally {
            lab.programs.kubectl(1, "annotate", "node", before.node(), "egress.tombolo.dev/drain-");
            connections.forEach(Programs.Running::endInput);
        }
        connections.forEach(each -> expectNoneHangs("drain", each));
        assertThat(owner()).isEqualTo(new Owner(before.other(), before.epoch() + 1));
    }

    /** Its kernel goes on translating, and its processes learn of nothing until they go on. */
    @Test
    void anotherNodeTakesOverFromOneThatIsFrozen() {
        var before = owner();
        var far = senderOn(before.other());
        try (var leaving = LeavingTraffic.watch(lab)) {
            var pings = scene.start(far, "ping", "-i", "0.05", "-c", "600", "-W", "1", "198.51.100.10");
            var load = scene.startLoad(far, "--rate", "20", "--timeout-ms", "500");
            var connections = connect(far);
            try {
                scene.awaitSeen(far, OUTSIDE, EGRESS_IP);
                freezeAndThaw(before, far);
                expectAllSeen();
            } finally {
                load.endInput();
                connections.endInput();
            }
            expectNoneHangs("freeze", connections);
            expectShortSilence(pings);
            assertThat(LoadResult.parse(load.join().output()).bySource()).containsOnlyKeys(EGRESS_IP);
            expectOnlyTheEgressAddress(leaving);
        }
        assertThat(owner()).isEqualTo(new Owner(before.other(), before.epoch() + 1));
    }

    private void freezeAndThaw(Owner before, Sender far) {
        long since = System.nanoTime();
        try (var _ = FrozenNode.freeze(lab, before.node())) {
            await(
                    "the other node to have the address",
                    BUDGET.multipliedBy(5),
                    () -> holders().contains(before.other()));
            System.out.println("taken over after " + since(since));
            scene.awaitSeen(far, OUTSIDE, EGRESS_IP);
            MeshLab.await("the time to be over", () -> since(since).compareTo(FROZEN) > 0);
            assertThat(owner().node()).isEqualTo(before.other());
        }
        long thawed = System.nanoTime();
        await("the address to be on one node", BUDGET, () -> holders().equals(Set.of(before.other())));
        System.out.println("given up after " + since(thawed));
    }

    /**
     * The announcement of its successor does not reach it, and its processes learn of nothing: it goes on telling who asks
     * that the address is there. The successor says it again, and its kernel hears that.
     */
    @Test
    void whoDidNotHearThatItIsDeposedHearsItWithinASecondOfBeingBack() {
        var before = owner();
        try (var arp = new AddressClaims(lab);
                var _ = FrozenNode.freeze(lab, before.node())) {
            arp.keepFrom(before.node());
            await(
                    "the other node to have the address",
                    BUDGET.multipliedBy(5),
                    () -> holders().contains(before.other()));
            assertThat(arp.isClaimedBy(before.node())).isTrue();
            lab.heal();
            long healed = System.nanoTime();
            await("the deposed node to be silent", BUDGET, () -> !arp.isClaimedBy(before.node()));
            System.out.println("silent after " + since(healed));
            assertThat(arp.isClaimedBy(before.other())).isTrue();
            assertThat(arp.isClaimedBy(before.node())).isFalse();
        } finally {
            lab.heal();
        }
        expectAllSeen();
        assertThat(owner()).isEqualTo(new Owner(before.other(), before.epoch() + 1));
    }

    /** Either may be the one that is cut off, and both say what they see: the first of them must not win. */
    @Test
    void ofTwoGatewaysThatDoNotHearEachOtherNoneTakesOver() {
        var before = owner();
        var far = senderOn(before.other());
        try {
            lab.in("internet", NO_CARRIERS);
            MeshLab.await(
                    "the policy to say that the gateway cannot be reached",
                    () -> scene.listed("billing").toString().contains("gets no answer from gateway " + before.node()));
            assertThat(scene.ask(far, OUTSIDE, "--requests", "3", "--timeout-ms", "300")
                            .ok())
                    .isZero();
            assertThat(owner()).isEqualTo(before);
        } finally {
            lab.heal();
        }
        expectAllSeen();
        assertThat(owner()).isEqualTo(before);
        MeshLab.await(
                "the policy to be in force",
                () -> scene.listed("billing").path("reason").asText().equals("InSync"));
    }

    /** An agent is no part of the data path: without it its node keeps what it has. */
    @Test
    void aNodeWhoseAgentIsKilledKeepsItsAddress() {
        var before = owner();
        var load = scene.startLoad(senderOn(before.other()), "--rate", "50");
        try {
            KilledContainers.kill(lab, 1, "tombolo-agent", "agent").awaitBack();
            expectAllSeen();
        } finally {
            load.endInput();
        }
        var result = LoadResult.parse(load.join().output());
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(owner()).isEqualTo(before);
        assertThat(holders()).containsExactly(before.node());
    }

    /** They send again and again, and wait for no answer longer than two seconds. */
    private Programs.Running connect(Sender sender) {
        var connections = scene.startLoad(
                sender,
                "--keepalive",
                "--concurrency",
                Integer.toString(CONNECTIONS),
                "--rate",
                Integer.toString(4 * CONNECTIONS),
                "--timeout-ms",
                "2000");
        scene.awaitSeen(sender, OUTSIDE, EGRESS_IP);
        return connections;
    }

    /** Each goes on or is reset: a pod's own port is kept by its address, so that most go on. */
    private static void expectNoneHangs(String when, Programs.Running connections) {
        String output = connections.join().output();
        var result = LoadResult.parse(output);
        var errors = MeshLab.json(output.lines()
                        .filter(line -> line.startsWith("{"))
                        .toList()
                        .getLast())
                .path("errors");
        long resets = errors.path("reset").asLong();
        System.out.println(when + ": of " + CONNECTIONS + " connections " + resets + " were reset; " + errors);
        assertThat(result.ok() + resets).as("answered or reset: %s", errors).isEqualTo(result.sent());
        assertThat(resets).as("connections that were reset").isLessThan(CONNECTIONS / 2);
        assertThat(result.bySource()).containsOnlyKeys(EGRESS_IP);
    }

    private void expectAllSeen() {
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
    }

    private static void expectOnlyTheEgressAddress(LeavingTraffic leaving) {
        assertThat(leaving.sources()).allMatch(source -> source.startsWith(EGRESS_IP + " "));
    }

    private static void expectShortSilence(Programs.Running pings) {
        var answered = ANSWERED.matcher(pings.join().output())
                .results()
                .map(match -> Integer.parseInt(match.group(1)))
                .toList();
        int longest = 0;
        for (int i = 1; i < answered.size(); i++) {
            longest = Math.max(longest, answered.get(i) - answered.get(i - 1));
        }
        var silence = BETWEEN_PINGS.multipliedBy(longest);
        System.out.println("no answer for " + silence);
        assertThat(silence).as("time without an answer").isLessThan(BUDGET);
    }

    private Owner owner() {
        var record = MeshLab.json(EtcdUser.local(lab, 1).value("tombolo/egress/v1/owners/" + EGRESS_IP));
        return new Owner(record.path("node").asText(), record.path("epoch").asLong());
    }

    private Set<String> holders() {
        return GATEWAYS.stream()
                .filter(node ->
                        lab.in("cluster1-" + node, "ip -o -4 address show").contains(EGRESS_IP + "/"))
                .collect(Collectors.toSet());
    }

    private static Sender senderOn(String node) {
        return node.equals("node1") ? Sender.BILLING : Sender.BILLING_AT_GATEWAY;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void await(String what, Duration longest, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(longest)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }
}

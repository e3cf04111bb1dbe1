package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.scenarios.EgressScene.Sender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Policies that change all the time and many connections, which have nothing to do with each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(InMeshLab.class)
class EgressChurnTest {
    private static final int CONNECTIONS = 10_000;
    private static final int POLICIES = 20;
    private static final Duration CHURN = Duration.ofSeconds(30);
    private static final int CHANGES = 300;
    private static final Duration LONGEST_CHURN = Duration.ofMinutes(3);
    private static final List<String> MAPS = List.of("eg_source", "eg_rule", "eg_group", "eg_gateway", "eg_address");

    /** Each a destination of its own and another that changes, of pods that the lasting policy selects and of others. */
    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: passing-%1$d}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: %2$s, io.kubernetes.pod.namespace: finance}
              destinationCIDRs: [198.51.100.%3$d/32, 203.0.113.%4$d/32]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                egressIP: 172.30.1.200
            ---
            """;

    /** A datagram from each of three sockets to each port: 196,605 flows. */
    private static final String FLOOD = """
            for (1..3) { socket($s[$_], PF_INET, SOCK_DGRAM, 0); bind($s[$_], sockaddr_in(0, INADDR_ANY)); }
            $to = inet_aton("198.51.100.10");
            for my $port (1..65535) { send($s[$_], "x", 0, sockaddr_in($port, $to)) for 1..3; }
            """;

    private static final String SATURATED =
            "True NearlyExhausted: node2: 80 % of the room for connections is in use, or was"
                    + " until shortly; new ones are dropped once it is full";

    private static final Pattern FULL = Pattern.compile(
            "tombolo_datapath_packets_total\\{(?=[^}]*nat_full)[^}]*\\} (\\S+)", Pattern.CASE_INSENSITIVE);

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

    /**
     * As many changes as kubectl makes in half a minute, ten a second on most machines, half of which give the connections'
     * own pods another set of destinations. Each connection is asked every ten seconds: one that dropped would be a
     * request that failed.
     */
    @Test
    @Order(1)
    void policiesThatComeAndGoLoseNoConnectionOfAnother() {
        var kept = scene.startLoad(
                Sender.BILLING,
                "--keepalive",
                "--connections",
                Integer.toString(CONNECTIONS),
                "--concurrency",
                "32",
                "--rate",
                "1000",
                "--timeout-ms",
                "5000");
        try (var leaving = LeavingTraffic.watch(lab)) {
            MeshLab.await("all connections", this::established, count -> count >= CONNECTIONS);
            var before = rows();
            long memory = memory();
            assertThat(churn()).as("changes").isGreaterThanOrEqualTo(CHANGES);
            conditions.awaitInForce("billing");
            // To count them takes long where connections have the machine to themselves.
            MeshLab.await("the rows to be as before", Duration.ofMinutes(3), this::rows, before::equals);
            assertThat(established()).as("connections").isEqualTo(CONNECTIONS);
            assertThat(memory()).as("resident MiB of agents; before %s", memory).isLessThan(memory + 128);
            assertThat(numbers()).as("numbers that are kept").isLessThan(POLICIES * 4L);
            assertThat(leaving.sources()).containsExactly(EGRESS_IP + " . tcp");
        } finally {
            kept.endInput();
        }
        expectNothingLost(kept, CONNECTIONS);
    }

    /**
     * Two halves of each of more flows than there is room for. What has a translation keeps it; new flows are refused and
     * counted, until old ones are over. Requests have time for TCP to send again what the flood displaced in the tunnel.
     */
    @Test
    @Order(2)
    void aFullMapOfTranslationsRefusesNewFlowsAlone() {
        var kept = scene.startLoad(
                Sender.BILLING, "--keepalive", "--concurrency", "8", "--rate", "40", "--timeout-ms", "10000");
        try (var leaving = LeavingTraffic.watch(lab)) {
            MeshLab.await("connections", this::established, count -> count >= 8);
            double before = refusedForWantOfRoom();
            Sender.SELECTED.stream()
                    .map(sender -> scene.start(sender, "perl", "-MSocket", "-e", FLOOD))
                    .toList()
                    .forEach(Programs.Running::join);
            MeshLab.await("refused flows to be counted", this::refusedForWantOfRoom, count -> count > before);
            MeshLab.await("the policy to say so", () -> conditions.of("billing", "Saturated"), SATURATED::equals);
            assertThat(lab.problems(1)).contains("map eg_nat");
            awaitRoom();
            MeshLab.await(
                    "the policy to say so",
                    () -> conditions.of("billing", "Saturated"),
                    text -> text.startsWith("False RoomLeft"));
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
            assertThat(leaving.sources()).containsExactlyInAnyOrder(EGRESS_IP + " . tcp", EGRESS_IP + " . udp");
        } finally {
            kept.endInput();
        }
        expectNothingLost(kept, 1);
    }

    /** As long as the flood's flows are remembered, tombolo status says that there is hardly any room. */
    private void awaitRoom() {
        MeshLab.await("room for connections", Duration.ofMinutes(3), () -> lab.problems(1), "[]"::equals);
    }

    private double refusedForWantOfRoom() {
        return FULL.matcher(lab.onNode(1, "node2", "curl -s http://127.0.0.1:9879/prometheus"))
                .results()
                .mapToDouble(count -> Double.parseDouble(count.group(1)))
                .sum();
    }

    /** All are there at some time, changed at another, and a third of the time there is none. A slow machine gets longer. */
    private int churn() {
        String all = policies(0);
        String changed = policies(POLICIES);
        String names =
                IntStream.range(0, POLICIES).mapToObj(i -> "passing-" + i).collect(Collectors.joining(" "));
        long start = System.nanoTime();
        int changes = 0;
        while (System.nanoTime() - start < (changes < CHANGES ? LONGEST_CHURN : CHURN).toNanos()) {
            lab.programs.apply(1, all);
            lab.programs.apply(1, changed);
            lab.programs.kubectl(1, ("delete ciliumegressgatewaypolicies " + names).split(" "));
            changes += 3 * POLICIES;
        }
        return changes;
    }

    private static String policies(int first) {
        return IntStream.range(0, POLICIES)
                .mapToObj(i -> POLICY.formatted(i, i % 2 == 0 ? "billing" : "audit", 100 + i, first + i))
                .collect(Collectors.joining());
    }

    private long established() {
        return Long.parseLong(
                lab.in("outside", "ss -Htn state established | wc -l").strip());
    }

    /** How many rows each map of each node has. */
    private Map<String, Long> rows() {
        var rows = new TreeMap<String, Long>();
        for (String node : List.of("node1", "node2")) {
            var counts = scene.rows(node, MAPS);
            for (int i = 0; i < MAPS.size(); i++) {
                rows.put(node + " " + MAPS.get(i), counts.get(i));
            }
        }
        return rows;
    }

    private long memory() {
        return Memory.residentMebibytes(lab, 1, "agent");
    }

    /** Of sets, groups, gateways and policies, in use or not to be given again yet. */
    private long numbers() {
        return Long.parseLong(lab.onNode(1, "node1", "wc -l < /var/lib/tombolo/egress-numbers")
                .strip());
    }

    private static void expectNothingLost(Programs.Running load, int atLeast) {
        String output = load.join().output();
        var result = LoadResult.parse(output);
        assertThat(result.ok()).as(output).isEqualTo(result.sent()).isGreaterThanOrEqualTo(atLeast);
        assertThat(result.bySource()).containsOnlyKeys(EGRESS_IP);
    }
}

package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.RouterScene.ALL_NODES;
import static dev.tombolo.scenarios.RouterScene.SERVICE;
import static dev.tombolo.scenarios.RouterScene.awaitNextHops;
import static dev.tombolo.scenarios.RouterScene.nextHops;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a router keeps of a node, and what it drops, when something is lost between them. */
@ExtendWith(InMeshLab.class)
class RouterLossTest {
    /** Far from what hold times and graceful restart would take. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Pattern BFD_UP = Pattern.compile("(172\\.30\\.\\d+\\.\\d+) +\\S+ +Up ");

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        RouterScene.apply(lab);
    }

    @AfterAll
    static void remove(MeshLab lab) {
        RouterScene.remove(lab);
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
        var seen = CompletableFuture.supplyAsync(() -> RouterScene.watch(lab, "internet", SERVICE));
        KilledContainers.kill(lab, 1, "tombolo-bgp", "exabgp").awaitBack();
        MeshLab.await("sessions to be back", () -> isFine(lab));
        assertThat(seen.join().lines().distinct()).containsExactly(String.join(" ", new TreeSet<>(ALL_NODES)));
        awaitWatched(lab);
    }

    /** Neither sessions nor routes are its own. */
    @Test
    void anAgentThatDiesTakesNoRouteAlong(MeshLab lab) {
        var load =
                CompletableFuture.supplyAsync(() -> RouterScene.load(lab, "--rate 40 --duration 15 --timeout-ms 2000"));
        KilledContainers.kill(lab, 1, "tombolo-agent", "agent").awaitBack();
        assertThat(nextHops(lab, SERVICE)).isEqualTo(ALL_NODES);
        assertThat(load.join().ok()).isEqualTo(load.join().sent()).isPositive();
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
}

package dev.tombolo.cli.bgp;

import static dev.tombolo.cli.bgp.Rack.instance;
import static dev.tombolo.cli.bgp.Rack.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import dev.tombolo.model.bgp.BgpDrain;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainPlanTest {
    private static final Instance MAIN = instance("main", peer("a", "192.0.2.1", 65_000));
    private static final String BEGUN = "2026-01-01T00:00:00Z/PT10S";

    @Test
    void aDrainBeginsNowAndLeavesHalfAMinute() {
        var changes = DrainPlan.begin(nodes(new Rack().node("n1", "r")), Rack.NOW.plusMillis(7));
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.isChange()).isTrue();
            assertThat(change.after()).map(BgpDrain::toString).contains("2026-01-02T03:04:05Z/PT30S");
        });
        assertThat(DrainText.of(changes, Rack.NOW))
                .isEqualTo("Node n1 is drained: its routes ask for another way first (community GRACEFUL_SHUTDOWN), and"
                        + " are withdrawn 30 s later, at 2026-01-02T03:04:35Z\n");
    }

    @Test
    void aDrainThatHasBegunKeepsItsTime() {
        var changes = DrainPlan.begin(nodes(new Rack().node("n1", "r", BgpDrain.ANNOTATION, BEGUN)), Rack.NOW);
        assertThat(changes).noneMatch(DrainChange::isChange);
        assertThat(DrainText.of(changes, Rack.NOW))
                .isEqualTo(
                        "no change: Node n1 is drained since 2026-01-01T00:00:00Z, and its routes were to be withdrawn"
                                + " at 2026-01-01T00:00:10Z\n");
    }

    /** Such as {@code true}: routes would ask for another way and stay. */
    @Test
    void aDrainWithoutATimeGetsOne() {
        var changes = DrainPlan.begin(nodes(new Rack().node("n1", "r", BgpDrain.ANNOTATION, "true")), Rack.NOW);
        assertThat(changes).allMatch(DrainChange::isChange);
    }

    @Test
    void whatIsNotDrainedIsNotChangedByItsEnd() {
        var rack = new Rack().node("n1", "r").node("n2", "r", BgpDrain.ANNOTATION, BEGUN);
        var changes = DrainPlan.end(nodes(rack));
        assertThat(DrainText.of(changes, Rack.NOW))
                .isEqualTo(
                        "no change: Node n1 is not drained\nNode n2 is drained no more: its routes are told as before\n");
    }

    @Test
    void whoEndsADrainIsToldWhatIsDrainedStill() {
        var seen = new Rack()
                .node("n1", "r", BgpDrain.ANNOTATION, BEGUN)
                .node("n2", "r", BgpDrain.ANNOTATION, BEGUN)
                .node("n3", "other", BgpDrain.ANNOTATION, BEGUN)
                .drainedConfig("r", BEGUN, MAIN)
                .seen();
        String still = " is drained still, and with it what they have in common; to end that: tombolo bgp drain ";
        var node = List.of(Drainable.of(seen.nodes().getFirst()));
        assertThat(DrainPlan.notes(DrainPlan.end(node), seen))
                .containsExactly("CiliumBGPClusterConfig r" + still + "--cluster r --undo");
        var config = List.of(Drainable.of(seen.clusterConfigs().getFirst()));
        assertThat(DrainPlan.notes(DrainPlan.end(config), seen))
                .containsExactly("Node n1" + still + "--node n1 --undo", "Node n2" + still + "--node n2 --undo");
    }

    @Test
    void whoEndsTheOnlyDrainIsToldNothingMore() {
        var rack = new Rack()
                .node("n1", "r", BgpDrain.ANNOTATION, BEGUN)
                .node("n2", "r")
                .config("r", MAIN);
        assertThat(DrainPlan.notes(DrainPlan.end(nodes(rack)), rack.seen())).isEmpty();
    }

    @Test
    void whoDrainsANodeIsToldWhatThatDoesNotDo() {
        var none = new Rack().node("n1", "r");
        assertThat(DrainPlan.notes(DrainPlan.begin(nodes(none), Rack.NOW), none.seen()))
                .containsExactly("no CiliumBGPClusterConfig is for node n1, so it has no routes to take back");
        var gateway = new Rack().node("n1", "r").config("r", MAIN).egressAddresses();
        assertThat(DrainPlan.notes(DrainPlan.begin(nodes(gateway), Rack.NOW), gateway.seen()))
                .containsExactly(
                        "egress addresses of node n1 are told no more then, and stay on it; to move them: kubectl"
                                + " annotate node n1 egress.tombolo.dev/drain=true");
    }

    @Test
    void aDrainIsSaidWhereSessionsAreListed() {
        var sessions = new Rack()
                .node("n1", "r", BgpDrain.ANNOTATION, "true")
                .drainedConfig("r", BEGUN, MAIN)
                .sessions();
        assertThat(sessions.remarks())
                .containsExactly(
                        new Notice(
                                "Node n1 is drained, nobody says since when: its routes ask for another way and stay",
                                "to end that: tombolo bgp drain --node n1 --undo"),
                        new Notice(
                                "CiliumBGPClusterConfig r is drained since 2026-01-01T00:00:00Z: until"
                                        + " 2026-01-01T00:00:10Z its routes ask for another way, then they are withdrawn",
                                "to end that: tombolo bgp drain --cluster r --undo"));
    }

    private static List<Drainable> nodes(Rack rack) {
        return rack.seen().nodes().stream().map(Drainable::of).toList();
    }
}

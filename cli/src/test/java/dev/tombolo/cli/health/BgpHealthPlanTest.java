package dev.tombolo.cli.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.cli.bgp.BgpSessions;
import dev.tombolo.cli.bgp.Notice;
import dev.tombolo.cli.bgp.PeerRow;
import dev.tombolo.cli.health.Health.Problem;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BgpHealthPlanTest {
    private static final Health BEFORE = HealthPlan.of(Observed.NOTHING, Instant.EPOCH);

    @Test
    void sessionsThatAreUpAreNoProblem() {
        var health = BgpHealthPlan.with(
                BEFORE, sessions(List.of(), row("n1", "established", ""), row("n2", "established", "")));
        assertThat(health.problems()).isEqualTo(BEFORE.problems());
        assertThat(health.bgp()).contains(new Health.Bgp(2, 2, 2));
    }

    @Test
    void eachPeerThatIsDownAndEachThatIsMissingIsAProblem() {
        var gap = new Notice("no node", "label one");
        var health = BgpHealthPlan.with(
                BEFORE,
                sessions(
                        List.of(gap),
                        row("n1", "idle", "NoDefaultGateway"),
                        row("n2", "idle", "FamilyMismatch"),
                        row("n3", "idle", "SecretUnread")));
        assertThat(health.bgp()).contains(new Health.Bgp(0, 3, 3));
        assertThat(health.problems())
                .endsWith(
                        new Problem(
                                "BGP peer main/tor of node n1 is idle: NoDefaultGateway, because",
                                "compare spec.bgpInstances of its CiliumBGPClusterConfig: kubectl get "
                                        + "ciliumbgpclusterconfigs -o yaml"),
                        new Problem(
                                "BGP peer main/tor of node n2 is idle: FamilyMismatch, because",
                                "correct it: kubectl edit ciliumbgpnodeconfigoverride n2"),
                        new Problem(
                                "BGP peer main/tor of node n3 is idle: SecretUnread, because",
                                "kubectl describe ciliumbgpnodeconfig n3"),
                        new Problem("no node", "label one"));
    }

    /** It is a problem already, with a better name. */
    @Test
    void aSilentNodeIsNoOtherProblemForItsSessions() {
        var health = BgpHealthPlan.with(BEFORE, sessions(List.of(), row("n1", "unknown", "NodeSilent")));
        assertThat(health.problems()).isEqualTo(BEFORE.problems());
        assertThat(health.bgp()).contains(new Health.Bgp(0, 1, 1));
    }

    private static BgpSessions sessions(List<Notice> gaps, PeerRow... rows) {
        return new BgpSessions(List.of(rows), gaps, List.of());
    }

    private static PeerRow row(String node, String state, String reason) {
        var peer = new PeerStatus(
                "tor",
                "192.0.2.1",
                65_000,
                state,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                "",
                reason,
                "because",
                Optional.empty());
        return new PeerRow(node, "main", 65_001, "", peer);
    }
}

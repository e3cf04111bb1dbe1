package dev.tombolo.cli.bgp;

import static dev.tombolo.cli.bgp.Rack.instance;
import static dev.tombolo.cli.bgp.Rack.peer;
import static dev.tombolo.cli.bgp.Rack.up;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeclarationPlanTest {
    @Test
    void aRouterThatCannotBeMeantIsMissing() {
        var sessions = new Rack()
                .node("n1", "r")
                .config("r", instance("main", peer("a", "192.0.2.1", 65_000), peer("any", "192.0.2.2", 0)))
                .report("n1", "main", up("a"))
                .sessions();
        assertThat(sessions.isFine()).isFalse();
        assertThat(sessions.gaps())
                .singleElement()
                .extracting(Notice::what)
                .asString()
                .startsWith("CiliumBGPClusterConfig r spec.bgpInstances[0].peers[1].peerASN: read 0, expected");
    }

    @Test
    void aFieldThatTakesNoSessionAwayIsARemark() {
        var speaks = instance("main", peer("a", "192.0.2.1", 65_000));
        var listens = new Instance("main", speaks.localASN(), Optional.of(179), speaks.peers(), List.of());
        var sessions = new Rack()
                .node("n1", "r")
                .config("r", listens)
                .report("n1", "main", up("a"))
                .sessions();
        assertThat(sessions.isFine()).isTrue();
        assertThat(sessions.remarks())
                .singleElement()
                .extracting(Notice::what)
                .asString()
                .contains("localPort: read 179");
    }

    @Test
    void aConfigurationForNoNodeIsAGap() {
        var rack = new Rack().node("n1", "other").config("r", instance("main", peer("a", "192.0.2.1", 65_000)));
        assertThat(rack.sessions().gaps())
                .containsExactly(new Notice(
                        "CiliumBGPClusterConfig r: no node has the labels of its spec.nodeSelector",
                        "compare them with kubectl get nodes --show-labels"));
        assertThat(BgpSessionsText.of(rack.sessions(), Rack.NOW)).startsWith("❌ There is no BGP session\n\n❌ Cilium");

        var one = rack.seen().only(rack.seen().nodes().getFirst());
        assertThat(BgpSessionsPlan.of(one, Rack.NOW).isFine())
                .as("of a node that is not meant")
                .isTrue();
    }

    @Test
    void theYoungerOfTwoForANodeIsNotInForceThere() {
        var sessions = new Rack()
                .node("n1", "r")
                .node("n2", "r")
                .config("r", instance("main", peer("a", "192.0.2.1", 65_000)))
                .config("other", "r", instance("main", peer("b", "192.0.2.2", 65_000)))
                .report("n1", "main", up("a"))
                .report("n2", "main", up("a"))
                .sessions();
        assertThat(sessions.isFine()).isFalse();
        assertThat(sessions.rows()).extracting(row -> row.peer().name()).containsExactly("a", "a");
        assertThat(sessions.gaps())
                .containsExactly(new Notice(
                        "CiliumBGPClusterConfig other is not in force on node n1 and 1 more: r is older and for it too",
                        "change the nodeSelector of one of them"));
    }
}

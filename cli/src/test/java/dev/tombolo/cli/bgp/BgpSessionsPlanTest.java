package dev.tombolo.cli.bgp;

import static dev.tombolo.cli.bgp.Rack.down;
import static dev.tombolo.cli.bgp.Rack.instance;
import static dev.tombolo.cli.bgp.Rack.peer;
import static dev.tombolo.cli.bgp.Rack.up;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BgpSessionsPlanTest {
    private static final String HEADER =
            "Node  Local AS  Peer  Peer AS  Address    State        Uptime  Advertised  Reason\n";

    @Test
    void isFineWhenAllThatWasAskedForIsEstablished() {
        var sessions = new Rack()
                .node("n1", "r")
                .config("r", instance("main", peer("a", "192.0.2.1", 65_000)))
                .report("n1", "main", up("a"))
                .sessions();
        assertThat(sessions.isFine()).isTrue();
        assertThat(BgpSessionsText.of(sessions, Rack.NOW))
                .isEqualTo("✅ BGP sessions established: 1 of 1\n\n" + HEADER
                        + "n1    65001     a     65000    192.0.2.1  established  -       -           -\n");
    }

    @Test
    void whatNobodyReportsIsNotEstablished() {
        var sessions = new Rack()
                .node("n1", "r")
                .node("n2", "r")
                .node("n3", "other")
                .config("r", instance("main", peer("a", "192.0.2.1", 65_000), peer("b", "192.0.2.2", 65_000)))
                .report("n1", "main", up("b"))
                .sessions();
        assertThat(sessions.isFine()).isFalse();
        assertThat(sessions.rows())
                .extracting(
                        row -> row.node() + " " + row.id() + " " + row.peer().reason())
                .containsExactly(
                        "n1 main/a NotReported", "n1 main/b ", "n2 main/a NotReported", "n2 main/b NotReported");
    }

    @Test
    void whatASilentNodeSaidLastIsUnknown() {
        for (var rack : new Rack[] {
            new Rack().silentNode("n1", "r"), new Rack().silentNode("n1", "r").agent("n1", Rack.NOW.minusSeconds(90))
        }) {
            var sessions = rack.config("r", instance("main", peer("a", "192.0.2.1", 65_000), peer("b", "192.0.2.2", 1)))
                    .report("n1", "main", up("a"))
                    .sessions();
            assertThat(sessions.rows())
                    .allMatch(row -> row.peer().peeringState().equals("unknown") && row.isUnheard());
            assertThat(sessions.faults())
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.what())
                            .startsWith("node n1 has not been heard of")
                            .endsWith("nothing is known of its BGP sessions"));
            assertThat(sessions.faultsOfHeard()).isEmpty();
        }
    }

    @Test
    void whatIsLeftOfANodeThatIsGoneIsNotShown() {
        var sessions =
                new Rack().report("n1", "main", down("a", "NotEstablished", "")).sessions();
        assertThat(sessions.rows()).isEmpty();
        assertThat(sessions.isFine()).isTrue();
    }

    @Test
    void instancesHaveAColumnWhereThereAreSeveral() {
        var sessions = new Rack()
                .node("n1", "r")
                .config(
                        "r",
                        instance("x", peer("a", "192.0.2.1", 65_000)),
                        instance("y", peer("a", "192.0.2.2", 65_000)))
                .sessions();
        assertThat(BgpSessionsText.of(sessions, Rack.NOW))
                .contains("Node  Instance  Local AS", "n1    y         65001");
    }

    @Test
    void aPeerThatIsDownOnSeveralNodesForOneReasonIsSaidOnce() {
        var sessions = new Rack()
                .node("n1", "r")
                .node("n2", "r")
                .config("r", instance("main", peer("a", "192.0.2.1", 65_000)))
                .report("n1", "main", down("a", "MissingAuthSecret", "there is no Secret kube-system/tor"))
                .report("n2", "main", down("a", "MissingAuthSecret", "there is no Secret kube-system/tor"))
                .sessions();
        assertThat(sessions.faults())
                .containsExactly(new Notice(
                        "BGP peer main/a of node n1 and 1 more is idle: MissingAuthSecret, there is no Secret"
                                + " kube-system/tor",
                        "make it in namespace kube-system, or correct spec.authSecretRef:"
                                + " kubectl edit ciliumbgppeerconfig tor"));
    }
}

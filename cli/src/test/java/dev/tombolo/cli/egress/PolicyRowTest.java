package dev.tombolo.cli.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressLoad;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyRowTest {
    @Test
    void isFineWhenItIsProgrammedOrSelectsNothing() {
        assertThat(row(1, "Programmed True").isFine()).isTrue();
        assertThat(row(1, "Programmed False", "NoMatch True").isFine()).isTrue();
        assertThat(row(1, "Programmed False", "NoMatch False").isFine()).isFalse();
        assertThat(row(1, "Programmed Unknown").isFine()).isFalse();
        assertThat(row(1).isFine()).isFalse();
    }

    @Test
    void whatWasSaidOfAnotherGenerationIsNotSaidOfThisOne() {
        var row = row(2, "Programmed True", "NoMatch True");
        assertThat(row.isFine()).isFalse();
        assertThat(row.programmed().status()).isEqualTo("Unknown");
        assertThat(row.message())
                .isEqualTo("the status is of generation 1, the policy is at 2; see tombolo clustermesh status");
    }

    @Test
    void whatAMeshServerSaidThatIsGoneIsNotKnownToBeTrueAnyMore() {
        var dead = new StatusWriter(true, Optional.of(Instant.EPOCH)).silence(Instant.EPOCH.plusSeconds(61));
        for (String said : List.of("Programmed True", "NoMatch True")) {
            var row = row(dead, 1, "Programmed True", said);
            assertThat(row.isFine()).isFalse();
            assertThat(row.programmed().status()).isEqualTo("Unknown");
            assertThat(row.programmed().reason()).isEqualTo("Stale");
            assertThat(row.message())
                    .isEqualTo("status not updated since 1970-01-01T00:00:00Z: the mesh API server does not answer; "
                            + "see tombolo clustermesh status");
        }
        assertThat(row(dead, 1).programmed().reason()).isEqualTo("NoStatus");
    }

    @Test
    void aMeshServerIsThereWhileItsLeaseIsRenewed() {
        assertThat(new StatusWriter(true, Optional.of(Instant.EPOCH)).silence(Instant.EPOCH.plusSeconds(59)))
                .isEmpty();
        assertThat(new StatusWriter(false, Optional.empty()).silence(Instant.EPOCH))
                .contains("status not updated: there is no mesh API server; run: tombolo clustermesh enable");
    }

    @Test
    void whatGatewaysHaveToDoIsAddedUpOfThoseThatAreHeardOf() {
        var row = row(1, "Programmed True");
        assertThat(row.connections()).isEmpty();
        assertThat(row.ports()).isEmpty();

        var nodes = List.of(
                gateway("g1", Instant.EPOCH, 10, 34_900),
                gateway("g2", Instant.EPOCH, 5, 100),
                gateway("g3", Instant.EPOCH.minusSeconds(90), 7, 100_000),
                new MeshNodeObject("n1", null));
        var loaded = row.with(nodes, Instant.EPOCH);
        assertThat(loaded.connections()).contains(15);
        assertThat(loaded.ports()).contains("34 %");
        assertThat(loaded.loads()).extracting(load -> load.node()).containsExactly("g1", "g2");
    }

    private static MeshNodeObject gateway(String name, Instant heartbeat, int connections, int used) {
        var load = new EgressLoad(connections, "192.0.2.10", "", used, 100_000, 0, "");
        var held = List.of(new EgressProgrammed("p", 1, "").with(load), new EgressProgrammed("q", 1, "").with(load));
        return new MeshNodeObject(
                name,
                new MeshNodeObject.Status(
                        "", true, null, List.of(), 0, List.of(), held, List.of(), Optional.of(heartbeat), List.of()));
    }

    private static PolicyRow row(long generation, String... conditions) {
        return row(Optional.empty(), generation, conditions);
    }

    private static PolicyRow row(Optional<String> silence, long generation, String... conditions) {
        var said = Stream.of(conditions)
                .map(text -> text.split(" "))
                .map(words -> new Condition(words[0], words[1], "Reason", "", Optional.empty()))
                .toList();
        var status = new EgressPolicyObject.Status(1, 0, "", "", List.of(), said);
        return PolicyRow.of(
                new EgressPolicyObject("p", "", generation, Optional.empty(), Map.of(), null, status), silence);
    }
}

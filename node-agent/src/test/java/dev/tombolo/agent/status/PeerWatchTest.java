package dev.tombolo.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.MeshNodeObject.MapUse;
import dev.tombolo.kube.object.MeshNodeObject.Peer;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerWatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final PeerWatch watch = new PeerWatch();

    @Test
    void aPeerThatIsSentToAndDoesNotShakeHandsSeemsDead() {
        var shaken = Optional.of(START);
        assertThat(problems(0, shaken, 100)).isEmpty();
        assertThat(problems(170, shaken, 900)).isEmpty();
        assertThat(problems(181, shaken, 1_000)).isEmpty();
        assertThat(problems(182, shaken, 1_148)).singleElement().satisfies(problem -> {
            assertThat(problem.what()).isEqualTo("path to node n1 of cluster west");
            assertThat(problem.message()).contains("seems dead").contains(START.toString());
            assertThat(problem.fix()).contains("UDP port 51871").contains("192.0.2.11:51871");
        });
        assertThat(problems(190, Optional.of(START.plusSeconds(189)), 1_300)).isEmpty();
    }

    @Test
    void aPeerThatNobodyTalksToIsOnlyQuiet() {
        assertThat(problems(0, Optional.of(START), 100)).isEmpty();
        assertThat(problems(500, Optional.of(START), 100)).isEmpty();
        assertThat(problems(900, Optional.of(START), 100)).isEmpty();
    }

    @Test
    void aPeerThatNeverAnsweredIsNamedSooner() {
        assertThat(problems(0, Optional.empty(), 0)).isEmpty();
        assertThat(problems(10, Optional.empty(), 296)).isEmpty();
        assertThat(problems(21, Optional.empty(), 600)).isEmpty();
        assertThat(problems(26, Optional.empty(), 748))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("never was a handshake"));
    }

    @Test
    void mapsAreNamedFromNineTenthsOn() {
        var problems = Problems.ofMaps(
                List.of(new MapUse("a", 89, 100), new MapUse("b", 90, 100)), map -> "tombolo.maps." + map);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.message()).startsWith("90 % of its 100 entries");
            assertThat(problem.fix()).contains("tombolo.maps.b");
        });
    }

    @Test
    void refusedObjectsAreCountedByReason() {
        var example =
                new Invalid("key", Invalid.Reason.ADDRESS_NOT_DECLARED, "10.9.9.9", "an address within 10.2.0.0/16");
        var problems = Problems.ofRefused(
                Map.of(Invalid.Reason.ADDRESS_NOT_DECLARED, 3L),
                Map.of(Invalid.Reason.ADDRESS_NOT_DECLARED, example),
                Map.of(Invalid.Reason.MALFORMED, 2L));
        assertThat(problems)
                .extracting(problem -> problem.message())
                .containsExactly(
                        "3 ADDRESS_NOT_DECLARED, for instance key: read 10.9.9.9, expected an address within 10.2.0.0/16",
                        "2 MALFORMED when read, since the agent started");
    }

    @Test
    void anAddressThatIsNotOursIsToBeMendedHere() {
        var reason = Invalid.Reason.ADDRESS_NOT_OURS;
        var example = new Invalid("node n1", reason, "10.2.1.5/32", "no address in a range of cluster west");
        assertThat(Problems.ofRefused(Map.of(reason, 1L), Map.of(reason, example), Map.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.fix()).startsWith("mend the node or pod of this cluster"));
    }

    @Test
    void aRouteThatIsMissingIsNamedOnce() {
        var a = Prefix.parse("10.2.0.0/16");
        var b = Prefix.parse("10.3.0.0/16");
        var c = Prefix.parse("10.4.0.0/16");
        assertThat(Problems.ofRoutes(Set.of(a, b, c), Set.of(a), Set.of(c)))
                .extracting(problem -> problem.what())
                .containsExactly("route 10.3.0.0/16");
    }

    private List<dev.tombolo.kube.object.MeshNodeObject.Problem> problems(
            int second, Optional<Instant> handshake, long sent) {
        var peer = new Peer("west", "n1", "192.0.2.11:51871", handshake, 0, sent);
        return watch.problems(List.of(peer), START.plusSeconds(second), 51_871);
    }
}

package dev.tombolo.apiserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.apiserver.mirror.PeerFailure;
import dev.tombolo.apiserver.mirror.PeerMirror;
import dev.tombolo.apiserver.peer.PeerStatusPlan.Issued;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject.LastError;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kube.object.MeshPeerObject.Status;
import dev.tombolo.kvstore.follow.SourceState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerStatusPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
    private static final Instant LOST = NOW.minus(Duration.ofMinutes(4));
    private static final SourceState STALE = new SourceState.Stale(LOST, "no heartbeat for 120000 ms");

    private static Status status(SourceState state, Optional<PeerFailure> failure, Optional<Boolean> paths) {
        return status(state, failure, paths, Status.EMPTY, NOW);
    }

    private static Status status(
            SourceState state, Optional<PeerFailure> failure, Optional<Boolean> paths, Status before, Instant now) {
        var report = new PeerMirror.Report(state, LOST, failure, Map.of(), Map.of(), Map.of());
        return PeerStatusPlan.status(report, paths, Issued.NONE, before, now);
    }

    @ParameterizedTest
    @CsvSource({
        "fresh, unknown, Fresh, false",
        "fresh, true,    Fresh, false",
        "fresh, false,   Fresh, false",
        "stale, unknown, Stale, true",
        "stale, true,    Stale, true",
        "stale, false,   Dead,  true",
        "connecting, false, Connecting, false",
    })
    void isDeadOnlyWhenItsMeshServerIsAwayAndItsPathsAreKnownNotToAnswer(
            String source, String paths, State expected, boolean hasAge) {
        SourceState state = switch (source) {
            case "fresh" -> new SourceState.Fresh();
            case "stale" -> STALE;
            default -> new SourceState.Connecting("the first connection");
        };
        var answers = paths.equals("unknown") ? Optional.<Boolean>empty() : Optional.of(Boolean.valueOf(paths));
        var status = status(state, Optional.empty(), answers);
        assertThat(status.state()).isEqualTo(expected);
        assertThat(status.staleSince()).isEqualTo(hasAge ? Optional.of(LOST) : Optional.empty());
        assertThat(status.connected()).isEqualTo(expected == State.Fresh);
    }

    @Test
    void aDeadPeerSaysBothThingsThatAreKnown() {
        var status = status(STALE, Optional.empty(), Optional.of(false));
        assertThat(status.conditions())
                .filteredOn(condition -> condition.type().equals("Connected"))
                .singleElement()
                .extracting(Condition::message)
                .isEqualTo("no heartbeat for 120000 ms; no path to any of its nodes answers either");
    }

    @Test
    void theCauseIsTheFailuresAndNotASearchInItsText() {
        var misleading =
                new PeerFailure(PeerFailure.Cause.PermissionDenied, "expired: cluster-config is missing, refused");
        var status = status(STALE, Optional.of(misleading), Optional.empty());
        assertThat(status.lastError())
                .contains(new LastError("PermissionDenied", misleading.message(), Optional.of(NOW)));
        assertThat(status.conditions())
                .filteredOn(condition -> condition.type().equals("Connected"))
                .singleElement()
                .extracting(Condition::reason)
                .isEqualTo("PermissionDenied");
    }

    @Test
    void aStatusThatSaysTheSameIsTheSame() {
        var failure = Optional.of(new PeerFailure(PeerFailure.Cause.Unreachable, "no answer in time"));
        var first = status(STALE, failure, Optional.empty());
        var later = status(STALE, failure, Optional.empty(), first, NOW.plusSeconds(30));
        assertThat(later).isEqualTo(first);
    }

    @Test
    void anErrorGoesWithItsCause() {
        var failure = Optional.of(new PeerFailure(PeerFailure.Cause.Unreachable, "no answer in time"));
        var before = status(STALE, failure, Optional.empty());
        var after = status(new SourceState.Fresh(), Optional.empty(), Optional.empty(), before, NOW.plusSeconds(9));
        assertThat(after.lastError()).isEmpty();
        assertThat(after.lastHeartbeat()).contains(NOW.plusSeconds(9));
    }

    @Test
    void somethingBesideLeavesTheStateStanding() {
        var fresh = status(new SourceState.Fresh(), Optional.empty(), Optional.empty());
        var status = PeerStatusPlan.withFailure(fresh, new IOException("etcd is away"), fresh, NOW);
        assertThat(status.state()).isEqualTo(State.Fresh);
        assertThat(status.lastError()).contains(new LastError("Failed", "etcd is away", Optional.of(NOW)));
        assertThat(status.conditions()).extracting(Condition::type).containsExactly("Valid", "Connected");
    }

    private static MeshNodeObject node(Duration age, int paths, int answering) {
        var cluster = new MeshNodeObject.Cluster("cluster2", State.Stale, Optional.empty(), 1, 1, 1, paths, answering);
        return new MeshNodeObject(
                "n",
                new MeshNodeObject.Status(
                        "",
                        true,
                        null,
                        List.of(cluster),
                        0,
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.of(NOW.minus(age)),
                        List.of()));
    }

    private static Optional<Boolean> answers(MeshNodeObject... nodes) {
        return NodePathsPlan.anyAnswers("cluster2", List.of(nodes), NOW);
    }

    @Test
    void onePathThatAnswersIsEnough() {
        var now = Duration.ofSeconds(5);
        assertThat(answers(node(now, 3, 0), node(now, 3, 1))).contains(true);
        assertThat(answers(node(now, 3, 0), node(now, 3, 0))).contains(false);
    }

    @Test
    void whatNobodyKnowsIsNotDead() {
        assertThat(answers()).isEmpty();
        assertThat(answers(node(Duration.ofSeconds(5), 0, 0))).isEmpty();
        assertThat(answers(node(Duration.ofMinutes(3), 3, 0))).isEmpty();
        assertThat(NodePathsPlan.anyAnswers("cluster3", List.of(node(Duration.ZERO, 3, 0)), NOW))
                .isEmpty();
    }
}

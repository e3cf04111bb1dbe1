package dev.tombolo.agent.egress.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeldPodsTest {
    private static final IpAddress STRANGER = IpAddress.parse("10.1.1.9");

    private final TwoNodes cluster = new TwoNodes();
    private Instant now = Instant.EPOCH;
    private final HeldPods held = new HeldPods(() -> now);

    private Set<IpAddress> kept() {
        return held.keptOf(Map.of(
                new EgressKey.Source(TwoNodes.POD1),
                EgressSource.HELD,
                new EgressKey.Source(TwoNodes.POD2),
                EgressSource.ofSet(1),
                new EgressKey.Source(STRANGER),
                EgressSource.HELD));
    }

    private void know(String app, boolean terminating) {
        cluster.pods.clear();
        cluster.pods.add(TwoNodes.pod("one", app, "node1", TwoNodes.POD1, terminating));
        know();
    }

    private void know() {
        var program = cluster.program();
        held.know(program.podsOn(TwoNodes.NODE1), program.rows().sources().keySet());
    }

    @Test
    void whileNothingIsKnownAllStays() {
        assertThat(kept()).isEqualTo(Set.of(TwoNodes.POD1, STRANGER));
    }

    @Test
    void onlyAPodThatIsKnownToBeUnselectedAndRunningIsLetGo() {
        know("audit", false);
        assertThat(kept()).isEqualTo(Set.of(STRANGER));
        know("audit", true);
        assertThat(kept()).isEqualTo(Set.of(TwoNodes.POD1, STRANGER));
        know("billing", false);
        assertThat(kept()).isEqualTo(Set.of(TwoNodes.POD1, STRANGER));
        assertThat(held.known()).isEqualTo(Set.of(TwoNodes.POD1));
    }

    @Test
    void thePodAfterOneThatIsBeingStoppedIsToldFromOneThatRuns() {
        know("billing", true);
        assertThat(held.mayBeNext(TwoNodes.POD1)).isTrue();
        cluster.pods.add(TwoNodes.pod("next", "billing", "node1", TwoNodes.POD1, false));
        know();
        assertThat(held.mayBeNext(TwoNodes.POD1)).isFalse();
    }

    /** An API server that cannot be reached tells of nobody, and lets nobody go. */
    @Test
    void aRowIsLeftOverOnlyOnceOthersHaveBeenHeardOfForLong() {
        held.told();
        assertThat(kept()).contains(STRANGER);
        now = now.plus(HeldPods.LONGEST).plus(Duration.ofSeconds(1));
        assertThat(kept()).contains(STRANGER);
        held.told();
        assertThat(kept()).doesNotContain(STRANGER);
        held.keptOf(Map.of());
        assertThat(kept()).as("held anew").contains(STRANGER);
    }
}

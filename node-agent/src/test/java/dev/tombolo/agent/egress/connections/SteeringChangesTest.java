package dev.tombolo.agent.egress.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SteeringChangesTest {
    private static final IpAddress OWN = IpAddress.parse("10.1.0.2");
    private static final IpAddress OTHER = IpAddress.parse("10.2.0.2");
    private static final Prefix RANGE = Prefix.parse("198.51.100.0/24");

    private final Table<EgressKey, Packed> applied = new Table<>("rows");
    private final Set<IpAddress> pods = new HashSet<>(Set.of(OWN));
    private final SteeringChanges changes = new SteeringChanges(applied, () -> Set.copyOf(pods));

    private boolean after(EgressKey key, Packed row) {
        applied.put(key, row);
        return changes.any();
    }

    @Test
    void onlyRowsThatSayWhereOwnPodsAreSteeredCount() {
        assertThat(changes.any()).isTrue();
        assertThat(changes.any()).isFalse();
        assertThat(after(new EgressKey.Rule(1, RANGE), new EgressRule(EgressAction.GATEWAY, 1, 1)))
                .isTrue();
        assertThat(changes.any()).isFalse();
        assertThat(after(new EgressKey.Internal(RANGE), new EgressInternal(0))).isTrue();
        assertThat(after(new EgressKey.Source(OWN), EgressSource.ofSet(1))).isTrue();
        assertThat(after(new EgressKey.Source(OTHER), EgressSource.ofSet(1))).isFalse();
        assertThat(after(new EgressKey.Gateway(1), EgressGateway.LOCAL)).isFalse();
    }

    @Test
    void theRowOfAPodThatIsGoneCounts() {
        after(new EgressKey.Source(OWN), EgressSource.ofSet(1));
        pods.clear();
        applied.remove(new EgressKey.Source(OWN));
        assertThat(changes.any()).isTrue();
        assertThat(after(new EgressKey.Source(OWN), EgressSource.ofSet(2)))
                .as("by now it is another node's")
                .isFalse();
    }

    @Test
    void whoeverFellBehindTakesItThatSomethingHasChanged() {
        after(new EgressKey.Gateway(0), EgressGateway.LOCAL);
        IntStream.range(0, 10_000).forEach(i -> applied.put(new EgressKey.Gateway(1), EgressGateway.remote(i, 1_420)));
        assertThat(changes.any()).isTrue();
    }
}

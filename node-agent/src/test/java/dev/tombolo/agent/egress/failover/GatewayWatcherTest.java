package dev.tombolo.agent.egress.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GatewayWatcherTest {
    private static final NodeId GATEWAY = new NodeId(new ClusterName("east"), "node2");
    private static final IpAddress HOST = IpAddress.parse("169.254.64.1");

    private final Table<NodeId, IpAddress> probes = new Table<>("probes");
    private final Table<NodeId, Boolean> answers = new Table<>("answers");
    private final Set<IpAddress> alive = new HashSet<>();
    private final GatewayWatcher watcher = new GatewayWatcher(probes, answers, new Twin(), GatewayWatcher.ROUND);

    /** Hosts that answer at once. */
    private final class Twin implements GatewayWatcher.Echo {
        private final Set<IpAddress> answered = new HashSet<>();

        @Override
        public boolean ask(IpAddress host) {
            if (alive.contains(host)) {
                answered.add(host);
            }
            return true;
        }

        @Override
        public Set<IpAddress> answered() {
            var since = Set.copyOf(answered);
            answered.clear();
            return since;
        }

        @Override
        public void close() {}
    }

    private Map<NodeId, Boolean> after(int rounds, boolean onTime) {
        for (int i = 0; i < rounds; i++) {
            watcher.round(onTime);
        }
        return answers.snapshot().toMap();
    }

    @Test
    void aGatewayThatAnsweredIsDeadAfterThreeRoundsWithoutAnAnswer() {
        probes.put(GATEWAY, HOST);
        alive.add(HOST);
        assertThat(after(2, true)).isEqualTo(Map.of(GATEWAY, true));
        alive.clear();
        assertThat(after(3, true)).isEqualTo(Map.of(GATEWAY, true));
        assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, false));
        alive.add(HOST);
        assertThat(after(2, true)).isEqualTo(Map.of(GATEWAY, true));
    }

    @Test
    void silenceMeansNothingOfWhoNeverAnsweredOrWhileThisNodeIsLate() {
        probes.put(GATEWAY, HOST);
        assertThat(after(10, true)).isEmpty();
        alive.add(HOST);
        after(2, true);
        alive.clear();
        after(1, true);
        assertThat(after(10, false)).isEqualTo(Map.of(GATEWAY, true));
    }

    @Test
    void whoIsAskedNoMoreIsForgotten() {
        probes.put(GATEWAY, HOST);
        alive.add(HOST);
        after(2, true);
        probes.remove(GATEWAY);
        assertThat(after(2, true)).isEmpty();
    }
}

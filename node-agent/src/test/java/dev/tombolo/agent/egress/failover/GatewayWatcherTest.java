package dev.tombolo.agent.egress.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.EchoSocket.Asked;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GatewayWatcherTest {
    private static final NodeId GATEWAY = new NodeId(new ClusterName("east"), "node2");
    private static final IpAddress HOST = IpAddress.parse("169.254.64.1");

    private static final Probe PROBE = new Probe(HOST, "tombolo-eg1", IpAddress.parse("10.250.0.1"));

    private final Table<NodeId, Probe> probes = new Table<>("probes");
    private final Table<NodeId, Answer> answers = new Table<>("answers");
    private final Set<IpAddress> alive = new HashSet<>();
    private Asked way = Asked.SENT;
    private final GatewayWatcher watcher = new GatewayWatcher(probes, answers, new Twin());

    /** Hosts that answer at once. */
    private final class Twin implements GatewayWatcher.Echo {
        private final Set<IpAddress> answered = new HashSet<>();

        @Override
        public Asked ask(Probe probe) {
            if (way != Asked.SENT) {
                return way;
            }
            if (alive.contains(probe.host())) {
                answered.add(probe.host());
            }
            return Asked.SENT;
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

    private Map<NodeId, Answer> after(int rounds, boolean onTime) {
        for (int i = 0; i < rounds; i++) {
            watcher.round(onTime);
        }
        return answers.snapshot().toMap();
    }

    @Test
    void aGatewayThatAnsweredIsDeadAfterFiveRoundsWithoutAnAnswer() {
        probes.put(GATEWAY, PROBE);
        alive.add(HOST);
        assertThat(after(2, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
        alive.clear();
        assertThat(after(5, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
        assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, Answer.SILENT));
    }

    @Test
    void oneThatWasSilentCountsAgainWhenItHasAnsweredForASecond() {
        becomeSilent();
        alive.add(HOST);
        assertThat(after(14, true)).isEqualTo(Map.of(GATEWAY, Answer.SILENT));
        assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
    }

    /** Each return would bring it connections, which the next silence ends. */
    @Test
    void oneThatAnswersNowAndThenDoesNotCome() {
        becomeSilent();
        for (int i = 0; i < 50; i++) {
            alive.add(HOST);
            after(1, true);
            alive.clear();
            assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, Answer.SILENT));
        }
    }

    /** Two answers of three are no gateway that works. */
    @Test
    void oneThatAnswersMostlyDoesNotComeEither() {
        becomeSilent();
        for (int i = 0; i < 50; i++) {
            alive.add(HOST);
            after(2, true);
            alive.clear();
            assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, Answer.SILENT));
        }
    }

    /** Neither a round that is late nor one in which it was not asked says anything. */
    @Test
    void oneThatComesBackIsNotDoubtedForWhatThisNodeMissed() {
        becomeSilent();
        alive.add(HOST);
        after(11, true);
        alive.clear();
        after(1, true);
        after(10, false);
        way = Asked.NO_ROOM;
        after(1, false);
        after(10, true);
        way = Asked.SENT;
        alive.add(HOST);
        assertThat(after(3, true)).isEqualTo(Map.of(GATEWAY, Answer.SILENT));
        assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
    }

    private void becomeSilent() {
        probes.put(GATEWAY, PROBE);
        alive.add(HOST);
        after(2, true);
        alive.clear();
        assertThat(after(6, true)).isEqualTo(Map.of(GATEWAY, Answer.SILENT));
    }

    @Test
    void silenceMeansNothingOfWhoNeverAnsweredOrWhileThisNodeIsLate() {
        probes.put(GATEWAY, PROBE);
        assertThat(after(10, true)).isEqualTo(Map.of(GATEWAY, Answer.ASKED));
        alive.add(HOST);
        after(2, true);
        alive.clear();
        after(1, true);
        assertThat(after(10, false)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
    }

    @Test
    void whoIsAskedNoMoreIsForgotten() {
        probes.put(GATEWAY, PROBE);
        alive.add(HOST);
        after(2, true);
        probes.remove(GATEWAY);
        assertThat(after(2, true)).isEmpty();
        alive.clear();
        probes.put(GATEWAY, PROBE);
        assertThat(after(10, true)).isEqualTo(Map.of(GATEWAY, Answer.ASKED));
    }

    @Test
    void whoIsAskedAnewIsAskedForLongBeforeItIsToldApart() {
        probes.put(GATEWAY, PROBE);
        after(429, true);
        probes.remove(GATEWAY);
        after(1, true);
        probes.put(GATEWAY, PROBE);
        assertThat(after(429, true)).isEqualTo(Map.of(GATEWAY, Answer.ASKED));
    }

    @Test
    void whoNeverAnsweredIsToldApartOnceItWasAskedForLong() {
        probes.put(GATEWAY, PROBE);
        assertThat(after(430, true)).isEqualTo(Map.of(GATEWAY, Answer.ASKED));
        assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, Answer.NEVER));
        alive.add(HOST);
        assertThat(after(2, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
    }

    /** The silence is this node's own. */
    @Test
    void withoutACarrierNothingIsSaidOfTheGateway() {
        probes.put(GATEWAY, PROBE);
        alive.add(HOST);
        after(2, true);
        way = Asked.NO_WAY;
        assertThat(after(1, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
        for (int i = 0; i < 10; i++) {
            assertThat(after(1, true)).isEmpty();
        }
        way = Asked.SENT;
        assertThat(after(3, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
        way = Asked.NO_ROOM;
        assertThat(after(10, true)).isEqualTo(Map.of(GATEWAY, Answer.ANSWERS));
    }
}

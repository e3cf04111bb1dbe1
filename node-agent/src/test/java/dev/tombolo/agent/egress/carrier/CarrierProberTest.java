package dev.tombolo.agent.egress.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.failover.Probe;
import dev.tombolo.agent.probe.PathMeasure;
import dev.tombolo.agent.probe.UnderlayRoom;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierProberTest {
    private static final IpAddress END = IpAddress.parse("172.30.1.12");

    private final Table<NodeId, PathMeasure> measures = new Table<>("measures");
    private final Map<NodeId, CarrierProber.Way> ways = new HashMap<>();
    private final Network network = new Network();
    private UnderlayRoom room = UnderlayRoom.UNKNOWN;

    private final CarrierProber prober = new CarrierProber(() -> ways, measures, () -> room, network);

    /** Answers at once what fits. */
    private static final class Network implements CarrierProber.Echo {
        private final Map<IpAddress, Integer> answers = new HashMap<>();
        private int takes;

        @Override
        public void ask(Probe probe, int size) {
            if (size <= takes) {
                answers.merge(probe.host(), size, Math::max);
            }
        }

        @Override
        public Map<IpAddress, Integer> answered() {
            var now = Map.copyOf(answers);
            answers.clear();
            return now;
        }

        @Override
        public void close() {}
    }

    private void way(NodeId gateway, int number) {
        var probe = new Probe(
                IpAddress.parse("169.254.64." + number), "tombolo-eg" + number, IpAddress.parse("100.64.0.1"));
        ways.put(gateway, new CarrierProber.Way(probe, 1_420, END));
    }

    private void rounds(int... takes) throws InterruptedException {
        for (int most : takes) {
            network.takes = most;
            prober.round(Duration.ZERO);
        }
    }

    private int mtu(NodeId gateway) {
        return measures.snapshot().get(gateway).orElseThrow().mtu();
    }

    @ParameterizedTest
    @CsvSource({
        "1500, 1420",
        "1420, 1420",
        "1216 1216, 1216",
        "1216 1216 1500, 1420",
        "1500 1216, 1420",
        "1500 1216 1216, 1216",
        "1230 1230, 1216",
        "1216 1216 0 0, 1216"
    })
    void whatIsAnsweredIsWhatTheWayTakes(String takes, int expected) throws Exception {
        way(TwoNodes.NODE2, 1);
        for (String most : takes.split(" ")) {
            rounds(Integer.parseInt(most));
        }
        assertThat(mtu(TwoNodes.NODE2)).isEqualTo(expected);
    }

    /** The node was told by a router, and cuts what WireGuard sends: everything is answered. */
    @Test
    void whatDoesNotLeaveAsOnePacketIsTooMuch() throws Exception {
        way(TwoNodes.NODE2, 1);
        room = end -> end.equals(END) ? OptionalInt.of(1_280) : OptionalInt.empty();
        rounds(1_500, 1_500);
        assertThat(mtu(TwoNodes.NODE2)).isEqualTo(1_216);
        room = UnderlayRoom.UNKNOWN;
        rounds(1_500);
        assertThat(mtu(TwoNodes.NODE2)).isEqualTo(1_420);
    }

    @Test
    void aGatewayThatIsNotUsedAnyMoreIsForgotten() throws Exception {
        way(TwoNodes.NODE1, 2);
        way(TwoNodes.NODE2, 1);
        rounds(1_216, 1_216);
        ways.remove(TwoNodes.NODE1);
        rounds(1_216);
        assertThat(measures.snapshot().toMap()).containsOnlyKeys(TwoNodes.NODE2);
        way(TwoNodes.NODE1, 2);
        rounds(1_500);
        assertThat(mtu(TwoNodes.NODE1)).isEqualTo(1_420);
    }
}

package dev.tombolo.agent.egress;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.egress.EgressFlow;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressNat;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowWatchTest {
    private static final IpAddress OUTSIDE = IpAddress.parse("198.51.100.10");
    private static final long NOW = Duration.ofDays(1).toNanos();
    private static final int ENDED = 2;

    private final EgressTables tables = new EgressTables();
    private final TwoNodes cluster = new TwoNodes();

    @AutoClose
    private BpfObject object;

    private EgressMaps maps;
    private EgressProgram program;

    @BeforeEach
    void load() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("egress")
                .maxEntries("eg_nat", 64)
                .maxEntries("eg_flow", 64)
                .load();
        maps = EgressMaps.of(object);
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
        program = cluster.leaving(NODE2);
    }

    private Map<NodeId, Long> emptied(NodeId self, long now) throws Exception {
        new FlowWatch(self, tables, maps, () -> now).look(program);
        return tables.emptied.snapshot().toMap();
    }

    private void flow(int protocol, int gateway, int flags, Duration idle) throws Exception {
        var tuple = new EgressTuple(TwoNodes.POD1, OUTSIDE, 40_000, 443, protocol, 0);
        maps.flows().put(tuple, new EgressFlow(gateway, 1, 2, (int) (NOW - idle.toNanos() >> 30), flags, 0));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a connection,                 6,  2, 0, PT2H,   true",
        "one that is over for long,    6,  2, 0, PT3H,   false",
        "one whose pod has closed it,  6,  2, 2, PT2M,   false",
        "one that is being closed,     6,  2, 2, PT10S,  true",
        "datagrams,                    17, 2, 0, PT2M,   true",
        "datagrams that are over,      17, 2, 0, PT10M,  false",
        "one of another gateway,       6,  1, 0, PT1S,   false"
    })
    void aGatewayIsKeptForFlowsThatAreAlive(
            String name, int protocol, int gateway, int flags, Duration idle, boolean kept) throws Exception {
        assertThat(program.gatewayNumber(NODE2)).isEqualTo(2);
        flow(protocol, gateway, flags, idle);
        assertThat(emptied(NODE1, NOW)).isEqualTo(kept ? Map.of() : Map.of(NODE2, 1L));
    }

    @Test
    void aGatewayKeepsItselfWhileItTranslates() throws Exception {
        var tuple = new EgressTuple(TwoNodes.POD1, OUTSIDE, 40_000, 443, 6, 0);
        maps.translations().put(tuple, new EgressNat(OUTSIDE, 40_000, 0, 1, 2, 3, 0, NOW, 1));
        assertThat(emptied(NODE2, NOW)).isEmpty();
        maps.translations().delete(tuple);
        assertThat(emptied(NODE2, NOW)).isEqualTo(Map.of(NODE2, 1L));
    }

    @Test
    void aGatewayThatWasLeftJustNowIsNotJudged() throws Exception {
        assertThat(emptied(NODE1, Duration.ofSeconds(9).toNanos())).isEmpty();
    }
}

package dev.tombolo.bpf.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.model.net.SocketEndpoint;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SteeredFlowsTest {
    private static final SocketEndpoint POD = SocketEndpoint.parse("10.1.0.2:4000");
    private static final SocketEndpoint FAR = SocketEndpoint.parse("203.0.113.9:9");
    private static final SocketEndpoint EGRESS = SocketEndpoint.parse("198.51.100.7:1024");
    private static final int UDP = 17;

    @AutoClose
    private BpfObject object;

    private EgressMaps maps;

    @BeforeEach
    void load() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("egress")
                .maxEntries("eg_nat", 64)
                .maxEntries("eg_flow", 64)
                .load();
        maps = EgressMaps.of(object);
    }

    private void flow(SocketEndpoint pod, SocketEndpoint egress) throws Exception {
        maps.flows().put(tuple(pod, EgressTuple.OUT), new EgressFlow(1, 1, 2, 3, 0, 2));
        maps.translations().put(tuple(pod, EgressTuple.OUT), nat(egress));
        maps.translations().put(tuple(egress, EgressTuple.IN), nat(pod));
    }

    private static EgressTuple tuple(SocketEndpoint near, int direction) {
        return new EgressTuple(near.address(), FAR.address(), near.port(), FAR.port(), UDP, direction);
    }

    private static EgressNat nat(SocketEndpoint to) {
        return new EgressNat(to.address(), to.port(), 0, 2, 0, 1, 5, 6, 1);
    }

    @Test
    void nothingIsLeftOfTheFlowAndAllOfOthers() throws Exception {
        var second = new SocketEndpoint(POD.address(), 4_001);
        flow(POD, EGRESS);
        flow(second, new SocketEndpoint(EGRESS.address(), 1_025));
        new SteeredFlows(maps).end(POD, FAR, UDP);
        assertThat(maps.flows().entries()).containsOnlyKeys(tuple(second, EgressTuple.OUT));
        assertThat(maps.translations().entries())
                .containsOnlyKeys(
                        tuple(second, EgressTuple.OUT),
                        tuple(new SocketEndpoint(EGRESS.address(), 1_025), EgressTuple.IN));
    }

    @Test
    void aFlowOfAnotherGatewayHasNoTranslationHere() throws Exception {
        maps.flows().put(tuple(POD, EgressTuple.OUT), new EgressFlow(1, 1, 2, 3, 0, 2));
        new SteeredFlows(maps).end(POD, FAR, UDP);
        new SteeredFlows(maps).end(POD, FAR, UDP);
        assertThat(maps.flows().entries()).isEmpty();
    }
}

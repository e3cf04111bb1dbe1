package dev.tombolo.agent.egress.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.Across;
import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.probe.PathMeasure;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.egress.NarrowWays;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathSizesPlanTest {
    private static final int CARRIER = 1_420;

    private final TwoNodes cluster = new TwoNodes();
    private final Map<NodeId, PathMeasure> measured = new HashMap<>();

    private PathSizes sizes(Neighbours neighbours) {
        return PathSizesPlan.sizes(measured, TwoNodes.NODE1, cluster.nodes, neighbours, CARRIER);
    }

    @Test
    void whatTakesAsMuchAsItsCarrierOrIsNotMeasuredIsNotNarrow() {
        measured.put(Across.GATE, new PathMeasure(CARRIER, true, 0));
        measured.put(TwoNodes.NODE2, PathMeasure.unknown(CARRIER));
        assertThat(sizes(Across.EAST)).isEqualTo(PathSizes.AMPLE);
    }

    @Test
    void aNarrowWayToANodeIsOneToItsPodsToo() {
        measured.put(Across.GATE, new PathMeasure(1_216, true, 0));
        measured.put(TwoNodes.NODE2, new PathMeasure(1_376, true, 0));
        assertThat(sizes(Across.EAST))
                .isEqualTo(new PathSizes(
                        Map.of(Across.GATE, 1_216, TwoNodes.NODE2, 1_376),
                        Map.of(Prefix.parse("10.9.1.0/24"), 1_216, Prefix.parse("10.1.2.0/24"), 1_376)));
    }

    /** What was measured last is better than nothing. */
    @Test
    void aNodeWhoseAgentIsSilentStaysAsItWas() {
        measured.put(Across.GATE, new PathMeasure(1_216, false, 0));
        assertThat(sizes(Across.EAST).gateways()).containsEntry(Across.GATE, 1_216);
    }

    /** A gateway does not measure the ways of its own cluster. */
    @Test
    void whatANodeSaysOfTheWayToThisOneIsBelieved() {
        cluster.nodes.set(1, saying("node1=1216 node7=1300"));
        assertThat(sizes(Neighbours.NONE))
                .isEqualTo(new PathSizes(Map.of(), Map.of(Prefix.parse("10.1.2.0/24"), 1_216)));
        measured.put(TwoNodes.NODE2, new PathMeasure(1_376, true, 0));
        assertThat(sizes(Neighbours.NONE).pods())
                .as("the narrower of both")
                .isEqualTo(Map.of(Prefix.parse("10.1.2.0/24"), 1_216));
        measured.clear();
        cluster.nodes.set(1, saying("node7=1300"));
        assertThat(sizes(Neighbours.NONE)).isEqualTo(PathSizes.AMPLE);
    }

    private static KubeNode saying(String ways) {
        var node = TwoNodes.node(2, Map.of());
        return new KubeNode(
                node.name(),
                node.uid(),
                node.labels(),
                Map.of(NarrowWays.ANNOTATION, ways),
                node.podCidrs(),
                node.internalIps(),
                List.of(),
                true,
                "boot",
                false);
    }

    @Test
    void onlyGatewaysOfItsOwnClusterAreTold() {
        measured.put(Across.GATE, new PathMeasure(1_216, true, 0));
        measured.put(TwoNodes.NODE2, new PathMeasure(1_376, true, 0));
        assertThat(sizes(Across.EAST).narrowWays(TwoNodes.CLUSTER)).hasToString("node2=1376");
    }

    @Test
    void aNodeThatNobodyKnowsHasNoPods() {
        measured.put(Across.GATE, new PathMeasure(1_216, true, 0));
        assertThat(sizes(Neighbours.NONE).pods()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10.9.1.0/24, 1216", "10.9.1.7/32, 1200", "10.9.0.0/16, 0", "10.9.2.0/24, 0", "2001:db8::/64, 0"})
    void aRangeIsAsNarrowAsTheNarrowestAroundIt(Prefix range, int size) {
        var sizes =
                new PathSizes(Map.of(), Map.of(Prefix.parse("10.9.1.0/24"), 1_216, Prefix.parse("10.9.1.7/32"), 1_200));
        assertThat(sizes.within(range)).isEqualTo(size);
    }
}

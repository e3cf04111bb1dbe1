package dev.tombolo.egress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

/** The gateways that a slot moves between. */
class GatewayGroupPropertyTest {
    @Property
    void losingAGatewayMovesOnlyItsSlotsAndItsReturnMovesThemBack(
            @ForAll @Size(min = 2, max = 12) @UniqueElements List<@IntRange(min = 0, max = 99) Integer> names) {
        var gateways = names.stream().map(name -> Cluster.id("g" + name)).toList();
        var whole = GatewayGroup.of(gateways);
        for (var lost : gateways) {
            var rest = new ArrayList<>(gateways);
            rest.remove(lost);
            var without = GatewayGroup.of(rest);
            for (int slot = 0; slot < GatewayGroup.SLOTS; slot++) {
                var before = whole.slots().get(slot).orElseThrow();
                var after = without.slots().get(slot).orElseThrow();
                assertThat(after).isNotEqualTo(lost);
                if (!before.equals(lost)) {
                    assertThat(after).isEqualTo(before);
                }
            }
        }
    }

    @Property
    void ofMoreGatewaysThanAreUsedTheDeadOneAloneIsReplaced(
            @ForAll @IntRange(min = 4, max = 10) int nodes, @ForAll @IntRange(min = 2, max = 3) int used) {
        var cluster = new Cluster();
        IntStream.range(0, nodes).forEach(node -> cluster.node("g" + node, "egress=true"));
        cluster.policy(PolicyBuilder.policy("p").maxGateways(used)).pod("w", "", "10.1.1.1");
        var before = gateways(cluster);
        var lost = before.getFirst();
        var after = gateways(cluster.dead(lost.name()));
        assertThat(after).hasSize(used).doesNotContain(lost).containsAll(before.subList(1, used));
    }

    private static List<NodeId> gateways(Cluster cluster) {
        return cluster.rows().groups().values().stream()
                .flatMap(group -> group.shares().keySet().stream())
                .toList();
    }

    @Test
    void slotsAndPodsAreSpread() {
        var gateways = List.of(Cluster.id("g1"), Cluster.id("g2"), Cluster.id("g3"), Cluster.id("g4"));
        assertThat(GatewayGroup.of(gateways).shares())
                .hasSize(4)
                .allSatisfy((_, share) -> assertThat(share).isBetween(8, 24));
        long used = IntStream.range(0, 256)
                .map(last -> GatewayGroup.slot(IpAddress.parse("10.1.1." + last)))
                .peek(slot -> assertThat(slot).isBetween(0, 63))
                .distinct()
                .count();
        assertThat(used).isEqualTo(64);
    }
}

package dev.tombolo.agent.egress.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.egress.plan.PodRows;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.table.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class KeptInternalRangesTest {
    private static final Prefix TUNNELS = Prefix.parse("100.64.0.0/16");

    /** Some pods are outside their node's range, and some share an address. */
    @Property(tries = 100)
    void areThoseThatArePlannedFromNothing(@ForAll long seed) {
        var random = new Random(seed);
        var kept = new KeptInternalRanges(TUNNELS);
        var nodes = new ArrayList<KubeNode>();
        var pods = PersistentMap.<String, EgressPod>empty();
        var rows = PodRows.<String>none();
        for (int step = 0; step < 30; step++) {
            if (random.nextInt(5) == 0) {
                nodes.clear();
                for (int node = 1; node <= random.nextInt(3); node++) {
                    nodes.add(TwoNodes.node(node, Map.of()));
                }
            }
            String name = "pod" + random.nextInt(5);
            pods = random.nextInt(3) == 0
                    ? pods.with(Map.of(), pods.get(name).isPresent() ? Set.of(name) : Set.of())
                    : pods.with(Map.of(name, pod(name, random)), Set.of());
            rows = rows.next(pods);

            var ranges = kept.ranges(List.copyOf(nodes), rows, List.of(), List.of());

            assertThat(ranges).isEqualTo(InternalRangesPlan.ranges(nodes, rows, List.of(), List.of(), TUNNELS));
            assertThat(kept.ranges(List.copyOf(nodes), rows, List.of(), List.of()))
                    .isSameAs(ranges);
        }
    }

    private static EgressPod pod(String name, Random random) {
        var address = IpAddress.parse("10." + (1 + random.nextInt(2)) + "." + random.nextInt(3) + ".5");
        return TwoNodes.pod(name, "billing", "node1", address, false);
    }
}

package dev.tombolo.agent.egress.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.PodRows;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class OutsidePodsTest {
    private static final int NODES = 4;
    private static final int PODS = 12;
    private static final IpAddress FIRST = IpAddress.parse("10.0.0.0");

    private final Table<ObjectKey, EgressPod> pods = new Table<>("pods");
    private PodRows<ObjectKey> rows = PodRows.none();

    @Test
    void onlyNodesWhosePodsChangedAreLookedAtAgain() {
        var outside = new OutsidePods();
        var nodes = List.of(node(0, 24), node(1, 24));
        put(1, 0, 1 << 8);
        put(2, 1, 7);
        var before = outside.of(state(), nodes);
        assertThat(before).isEqualTo(Map.of("n0", List.of(FIRST.plus(1 << 8)), "n1", List.of(FIRST.plus(7))));

        put(3, 1, 9);
        var after = outside.of(state(), nodes);

        assertThat(after.get("n1")).containsExactlyInAnyOrder(FIRST.plus(7), FIRST.plus(9));
        assertThat(after.get("n0")).isSameAs(before.get("n0"));
    }

    @Property(tries = 100)
    void isTheSameAsIfNothingWereKnown(@ForAll long seed) {
        var random = new Random(seed);
        var outside = new OutsidePods();
        for (int step = 0; step < 15; step++) {
            int pod = random.nextInt(PODS);
            if (random.nextInt(4) == 0) {
                pods.remove(key(pod));
            } else {
                put(pod, random.nextInt(NODES), random.nextInt(NODES << 8));
            }
            var nodes = nodes(random);
            assertThat(outside.of(state(), nodes)).isEqualTo(new OutsidePods().of(state(), nodes));
        }
    }

    /** Nodes come and go, and get other ranges. */
    private static List<KubeNode> nodes(Random random) {
        var nodes = new ArrayList<KubeNode>();
        for (int node = 0; node < NODES; node++) {
            if (random.nextInt(6) > 0) {
                nodes.add(node(node, random.nextInt(6) > 0 ? 24 : 28));
            }
        }
        return nodes;
    }

    private static KubeNode node(int number, int length) {
        return new KubeNode(
                "n" + number,
                "uid",
                Map.of(),
                Map.of(),
                List.of(new Prefix(FIRST.plus((long) number << 8), length)),
                List.of(),
                List.of(),
                true,
                "boot",
                false);
    }

    private void put(int pod, int node, int place) {
        pods.put(
                key(pod),
                new EgressPod(
                        "shop",
                        "p" + pod,
                        "uid",
                        "default",
                        Map.of(),
                        "n" + node,
                        List.of(FIRST.plus(place)),
                        false,
                        false));
    }

    private static ObjectKey key(int pod) {
        return new ObjectKey("shop", "p" + pod);
    }

    private EgressState state() {
        rows = rows.next(pods.snapshot().rows());
        return EgressState.of(new ClusterName("east"), List.of(), rows, Map.of(), List.of());
    }
}

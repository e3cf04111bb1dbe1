package dev.tombolo.egress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.PersistentMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is planned again is what would be planned from nothing, whatever changes one after the other. */
class EgressReplanPropertyTest {
    private static final int NODES = 4;
    private static final int PODS = 12;
    private static final int POLICIES = 5;
    private static final String FLOATING = "192.0.2.10";

    private final EgressReplan replan = new EgressReplan();
    private final Map<String, EgressPolicy> policies = new TreeMap<>();
    private final Cluster cluster = new Cluster();
    private PersistentMap<String, EgressPod> pods = PersistentMap.empty();
    private PodRows<String> rows = PodRows.none();
    private EgressNumbers numbers = EgressNumbers.NONE;
    private EgressRows before = new EgressRows(Map.of(), Map.of(), Map.of(), Map.of());

    @Property(tries = 50)
    void whatIsPlannedAgainIsWhatIsPlannedFromNothing(@ForAll long seed) {
        var random = new Random(seed);
        for (int node = 0; node < NODES; node++) {
            node(node, random);
        }
        for (int step = 0; step < 25; step++) {
            change(random);
            check();
        }
    }

    private void check() {
        cluster.policies.clear();
        cluster.policies.addAll(policies.values());
        cluster.pods.clear();
        cluster.pods.addAll(pods.asMap().values());
        rows = rows.next(pods);
        var plain = cluster.state();
        var state = new EgressState(
                plain.self(),
                plain.policies(),
                rows,
                plain.namespaces(),
                plain.nodes(),
                plain.health(),
                plain.pools(),
                plain.owners());

        var expected = EgressPlan.decide(plain);
        var decisions = replan.decide(state);
        assertThat(decisions.sources())
                .isEqualTo(expected.sources())
                .hasSize(expected.sources().size());
        assertThat(Map.copyOf(decisions.sources())).isEqualTo(expected.sources());
        assertThat(decisions.pods()).isEqualTo(expected.pods());
        assertThat(decisions.policies()).isEqualTo(expected.policies());
        assertThat(decisions.sets()).isEqualTo(expected.sets());
        assertThat(decisions.gateways()).isEqualTo(expected.gateways());
        assertThat(decisions.holders()).isEqualTo(expected.holders());

        // Numbers of sets that are gone are given away at once, so that some come back with others.
        numbers = numbers.next(state, decisions, EgressNumbers.InUse.NOTHING);
        var planned = replan.rows(decisions, numbers);
        assertThat(planned).isEqualTo(EgressPlan.rows(expected, numbers));
        assertThat(changed(before.sources(), planned.sources()))
                .isSubsetOf(new HashSet<>(planned.sourcesSince(before)));
        before = planned;
        for (int node = 0; node < NODES; node++) {
            String name = "n" + node;
            assertThat(rows.on(name))
                    .containsExactlyInAnyOrderElementsOf(cluster.pods.stream()
                            .filter(pod -> !pod.hostNetwork() && pod.node().equals(name))
                            .toList());
        }
    }

    private static <V> Set<IpAddress> changed(Map<IpAddress, V> before, Map<IpAddress, V> after) {
        var all = new HashSet<>(before.keySet());
        all.addAll(after.keySet());
        all.removeIf(address -> Objects.equals(before.get(address), after.get(address)));
        return all;
    }

    private void change(Random random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> {
                for (int pod = random.nextInt(4); pod >= 0; pod--) {
                    pod(random);
                }
            }
            case 4 -> policies.remove("p" + random.nextInt(POLICIES));
            case 5 -> policy(random);
            case 6 -> node(random.nextInt(NODES), random);
            case 7 -> cluster.namespace("shop", random.nextBoolean() ? "team=a" : "");
            case 8 -> cluster.health("n" + random.nextInt(NODES), GatewayHealth.values()[random.nextInt(3)]);
            default -> pool(random);
        }
    }

    /** Addresses are few, so that pods take them from each other. */
    private void pod(Random random) {
        String name = "pod" + random.nextInt(PODS);
        if (random.nextInt(4) == 0) {
            pods = pods.with(Map.of(), pods.get(name).isPresent() ? Set.of(name) : Set.of());
            return;
        }
        String[] addresses = random.nextInt(6) == 0
                ? new String[0]
                : new String[] {"10.244.0." + random.nextInt(8), "2001:db8:f::" + random.nextInt(8)};
        var pod = Cluster.pod(
                name,
                List.of("", "app=a", "app=b", "app=a,tier=x").get(random.nextInt(4)),
                "n" + random.nextInt(NODES),
                random.nextInt(8) == 0,
                random.nextInt(4) == 0,
                addresses);
        pods = pods.with(Map.of(name, pod), Set.of());
    }

    private void policy(Random random) {
        var policy = PolicyBuilder.policy("p" + random.nextInt(POLICIES))
                .source(
                        List.of("", "app=a", "app=b").get(random.nextInt(3)),
                        random.nextInt(4) == 0 ? "team=a" : "",
                        random.nextInt(4) == 0 ? "topology.kubernetes.io/zone=z1" : "")
                .priority(random.nextInt(2))
                .to(List.of("0.0.0.0/0", "10.1.0.0/16", "2001:db8::/32").get(random.nextInt(3)))
                .through("egress=true", List.of("", "eth1", FLOATING, "pool p").get(random.nextInt(4)));
        if (random.nextBoolean()) {
            policy.through("egress=true", "eth2");
        }
        if (random.nextBoolean()) {
            policy.maxGateways(1 + random.nextInt(3));
        }
        if (random.nextBoolean()) {
            policy.sameZone();
        }
        var built = (random.nextInt(3) == 0 ? policy.withoutFailover() : policy).build();
        policies.put(built.name(), built);
    }

    private void node(int number, Random random) {
        String name = "n" + number;
        cluster.nodes.removeIf(node -> node.id().equals(Cluster.id(name)));
        if (random.nextInt(6) > 0) {
            String labels = random.nextInt(4) > 0 ? "egress=true," : "";
            cluster.node(name, labels + "topology.kubernetes.io/zone=z" + random.nextInt(2));
        }
        if (random.nextInt(4) == 0) {
            cluster.draining(name);
        }
    }

    private void pool(Random random) {
        cluster.pools.clear();
        cluster.owners.clear();
        if (random.nextInt(3) > 0) {
            cluster.pool("p", 1, "", OptionalInt.empty(), "192.0.2.1-192.0.2.20");
        }
        if (random.nextBoolean()) {
            cluster.owner(FLOATING, "n" + random.nextInt(NODES), "p0#0");
        }
    }
}

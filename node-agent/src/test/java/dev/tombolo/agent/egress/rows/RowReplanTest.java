package dev.tombolo.agent.egress.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.Packed;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressReplan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.PodRows;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.derive.Replan;
import dev.tombolo.reconciler.table.PersistentMap;
import dev.tombolo.reconciler.table.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RowReplanTest {
    private static final List<Prefix> DESTINATIONS =
            List.of(Prefix.parse("198.51.100.0/24"), Prefix.parse("192.0.2.0/24"));

    private final TwoNodes cluster = new TwoNodes();
    private final EgressReplan replan = new EgressReplan();
    private final Map<EgressKey, Packed> rows = new HashMap<>();
    private PersistentMap<String, EgressPod> pods = PersistentMap.empty();
    private PodRows<String> seen = PodRows.none();
    private EgressNumbers numbers = EgressNumbers.NONE;
    private NodeNetwork network = TwoNodes.network(1);
    private Set<String> carriers = Set.of("tombolo-eg1", "tombolo-egw");
    private Set<Prefix> internal = Set.of();
    private PathSizes sizes = PathSizes.AMPLE;
    private Map<NodeId, Long> leaving = Map.of();
    private EgressProgram program;

    private RowReplan rowsOf(NodeId self) {
        return new RowReplan(
                () -> Optional.of(new RowReplan.Inputs(self, program, network, carriers, internal, sizes)),
                new AppliedProgram(new Table<>("applied")));
    }

    /** Policies so far, for their names. */
    private int made;

    private void plan() {
        cluster.pods.clear();
        cluster.pods.addAll(pods.asMap().values());
        seen = seen.next(pods);
        var plain = cluster.state();
        var state = new EgressState(
                plain.self(),
                plain.policies(),
                seen,
                plain.namespaces(),
                plain.nodes(),
                plain.health(),
                plain.pools(),
                plain.owners());
        var decisions = replan.decide(state);
        numbers = numbers.next(state, decisions, EgressNumbers.InUse.NOTHING);
        program = new EgressProgram(state, cluster.versions(), decisions, numbers, replan.rows(decisions, numbers))
                .leaving(numbered());
    }

    /** Nobody leaves a gateway that has no number. */
    private Map<NodeId, Long> numbered() {
        var left = new HashMap<>(leaving);
        left.keySet().removeIf(node -> numbers.gateways().find(node.toString()).isEmpty());
        return left;
    }

    private void apply(Replan.Changes<EgressKey, Packed> changes) {
        rows.keySet().removeAll(changes.removals());
        rows.putAll(changes.puts());
    }

    @Property(tries = 60)
    void changesComeToWhatIsPlannedFromNothing(@ForAll long seed) {
        var random = new Random(seed);
        var self = random.nextBoolean() ? TwoNodes.NODE1 : TwoNodes.NODE2;
        plan();
        var planning = rowsOf(self);
        // The fields are those of all tries.
        leaving = Map.of();
        rows.clear();
        rows.putAll(planning.all());
        for (int step = 0; step < 20; step++) {
            change(random);
            plan();
            apply(planning.changes());
            assertThat(rows).isEqualTo(fromNothing(self));
        }
    }

    private Map<EgressKey, Packed> fromNothing(NodeId self) {
        var decisions = EgressPlan.decide(cluster.state());
        var whole = new EgressProgram(
                        cluster.state(), cluster.versions(), decisions, numbers, EgressPlan.rows(decisions, numbers))
                .leaving(numbered());
        return EgressRowPlan.rows(self, whole, network, carriers, internal, sizes);
    }

    private void change(Random random) {
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> pod(random);
            case 3 ->
                cluster.health.put(
                        TwoNodes.NODE2, GatewayHealth.values()[random.nextInt(GatewayHealth.values().length)]);
            case 4 -> {
                cluster.policies.removeIf(_ -> random.nextBoolean());
                cluster.policies.add(TwoNodes.policy(
                        "p" + made++,
                        random.nextBoolean() ? TwoNodes.EGRESS : "",
                        DESTINATIONS.get(random.nextInt(2))));
            }
            case 5 -> {
                cluster.nodes.clear();
                for (int node = 1; node <= 2; node++) {
                    cluster.nodes.add(TwoNodes.node(node, random.nextBoolean() ? Map.of("egress", "yes") : Map.of()));
                }
            }
            case 6 -> {
                cluster.letEgressFloat();
                cluster.owners.put(
                        IpAddress.parse(TwoNodes.EGRESS),
                        new EgressOwner(
                                random.nextBoolean() ? TwoNodes.NODE1 : TwoNodes.NODE2, 1, "billing#0", Instant.EPOCH));
            }
            case 7 -> leaving = Map.of(random.nextBoolean() ? TwoNodes.NODE1 : TwoNodes.NODE2, 1L);
            default -> {
                network = random.nextBoolean() ? TwoNodes.network(1) : TwoNodes.network(1, TwoNodes.EGRESS);
                carriers = random.nextBoolean() ? Set.of() : Set.of("tombolo-eg1", "tombolo-egw");
                internal = random.nextBoolean() ? Set.of() : Set.of(Prefix.parse("10.0.0.0/8"));
                sizes = random.nextBoolean()
                        ? PathSizes.AMPLE
                        : new PathSizes(Map.of(TwoNodes.NODE2, 1_216), Map.of(Prefix.parse("10.1.2.0/24"), 1_216));
            }
        }
    }

    private void pod(Random random) {
        String name = "pod" + random.nextInt(6);
        if (random.nextInt(3) == 0) {
            pods = pods.with(Map.of(), pods.get(name).isPresent() ? Set.of(name) : Set.of());
        } else {
            add(name, random.nextBoolean() ? "billing" : "audit", 1 + random.nextInt(2), random.nextInt(4));
        }
    }

    private void add(String name, String app, int node, int address) {
        var pod = TwoNodes.pod(name, app, "node" + node, IpAddress.parse("10.1." + node + "." + (5 + address)), false);
        pods = pods.with(Map.of(name, pod), Set.of());
    }

    @Test
    void aPodThatComesIsOneRow() {
        add("one", "billing", 1, 0);
        plan();
        var planning = rowsOf(TwoNodes.NODE2);
        planning.all();

        add("two", "billing", 1, 1);
        plan();

        var changes = planning.changes();
        assertThat(changes.puts()).containsOnlyKeys(new EgressKey.Source(IpAddress.parse("10.1.1.6")));
        assertThat(changes.removals()).isEmpty();
        assertThat(planning.changes()).isEqualTo(new Replan.Changes<>(Map.of(), Set.of()));
    }

    /** Flows go by the rows of their pod's set and group: what is not written again cannot move one. */
    @Test
    void aPolicyThatChangesRewritesOnlyItsOwnRows() {
        cluster.policies.set(0, policy("audit", "audit", "203.0.113.0/24"));
        cluster.policies.add(policy("billing", "billing", "198.51.100.0/24"));
        for (int pod = 0; pod < 100; pod++) {
            add("pod" + pod, pod % 2 == 0 ? "audit" : "billing", 1, pod);
        }
        plan();
        var planning = rowsOf(TwoNodes.NODE2);
        planning.all();
        int audit = program.numbers().sets().of("audit#0");

        cluster.policies.set(0, policy("audit", "audit", "192.0.2.0/24"));
        plan();

        var changes = planning.changes();
        assertThat(changes.puts())
                .containsOnlyKeys(
                        new EgressKey.Rule(0, Prefix.parse("192.0.2.0/24")),
                        new EgressKey.Rule(audit, Prefix.parse("192.0.2.0/24")));
        assertThat(changes.removals())
                .containsExactlyInAnyOrder(
                        new EgressKey.Rule(0, Prefix.parse("203.0.113.0/24")),
                        new EgressKey.Rule(audit, Prefix.parse("203.0.113.0/24")));
    }

    @Test
    void aGatewayThatDiesTouchesNoPodAndNoRule() {
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
        for (int pod = 0; pod < 100; pod++) {
            add("pod" + pod, "billing", 2, pod);
        }
        plan();
        var planning = rowsOf(TwoNodes.NODE2);
        planning.all();

        cluster.health.put(TwoNodes.NODE1, GatewayHealth.DEAD);
        plan();

        assertThat(planning.changes().puts().keySet())
                .isNotEmpty()
                .noneMatch(key -> key instanceof EgressKey.Source || key instanceof EgressKey.Rule);
    }

    private static EgressPolicyObject policy(String name, String app, String destination) {
        var pods = new SelectorSpec(Map.of("app", app), List.of());
        var gateways = new SelectorSpec(Map.of("egress", "yes"), List.of());
        var spec = new EgressPolicySpec(
                List.of(new EgressPolicySpec.Source(Optional.of(pods), Optional.empty(), Optional.empty())),
                List.of(destination),
                List.of(),
                Optional.of(new EgressPolicySpec.Gateway(Optional.of(gateways), Optional.empty(), Optional.empty())),
                List.of());
        return new EgressPolicyObject(name, "", 1, Optional.of(Instant.EPOCH), Map.of(), spec, null);
    }
}

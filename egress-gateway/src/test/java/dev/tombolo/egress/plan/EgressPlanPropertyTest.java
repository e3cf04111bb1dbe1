package dev.tombolo.egress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for whatever policies, pods and nodes there are. */
class EgressPlanPropertyTest {
    private static final List<String> RANGES = List.of(
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.1.2.0/24",
            "10.1.2.3/32",
            "198.51.100.0/24",
            "::/0",
            "2001:db8::/32");
    private static final List<IpAddress> DESTINATIONS = List.of(
                    "10.1.2.3",
                    "10.1.2.4",
                    "10.1.9.9",
                    "10.9.9.9",
                    "198.51.100.9",
                    "203.0.113.9",
                    "2001:db8::9",
                    "2001:db9::9")
            .stream()
            .map(IpAddress::parse)
            .toList();

    @Property
    void everySelectedPodHasARuleForEachDestinationByThePolicyThatDecides(@ForAll("clusters") Cluster cluster) {
        var rows = cluster.rows();
        for (var pod : cluster.pods) {
            for (var destination : DESTINATIONS) {
                var expected = deciding(cluster, pod, destination);
                var rule = rule(rows, pod, destination);
                assertThat(rule.filter(found -> !(found instanceof Rule.Exclude))
                                .map(Rule::policy))
                        .as(pod.name() + " to " + destination)
                        .isEqualTo(expected.map(EgressPolicy::name));
                rule.filter(Rule.ToGroup.class::isInstance)
                        .ifPresent(found -> assertThat(rows.groups()).containsKey(((Rule.ToGroup) found).group()));
            }
        }
    }

    @Property
    void aGatewayIsDeadOnlyWhereAllThatTheGroupCouldHaveAre(@ForAll("clusters") Cluster cluster) {
        var state = cluster.state();
        cluster.decisions().gateways().forEach((key, choice) -> {
            if (key.failover() && choice instanceof GatewayChoice.Serving serving) {
                assertThat(serving.group().shares()).isNotEmpty();
                boolean hopeless = serving.candidates().stream().allMatch(node -> isDead(state, node));
                assertThat(serving.group().shares().keySet()).allMatch(node -> hopeless || !isDead(state, node));
            }
        });
    }

    private static boolean isDead(EgressState state, NodeId node) {
        return state.healthOf(node) == GatewayHealth.DEAD;
    }

    @Property
    void aGroupThatHasCandidatesIsNeverEmptyWhateverIsSaidOfThem(@ForAll("clusters") Cluster cluster) {
        cluster.decisions()
                .gateways()
                .values()
                .forEach(choice -> assertThat(choice instanceof GatewayChoice.Serving)
                        .isEqualTo(!choice.candidates().isEmpty()));
    }

    @Property
    void whoIsInUseAndWhoIsOutAreAsked(@ForAll("clusters") Cluster cluster) {
        var state = cluster.state();
        var decisions = cluster.decisions();
        var asked = Standbys.of(state, decisions);
        decisions.usedGroups().forEach(group -> {
            var choice = (GatewayChoice.Serving) decisions.gateways().get(group);
            assertThat(asked.get(group)).containsAll(choice.group().shares().keySet());
            choice.candidates().stream()
                    .filter(node -> isDead(state, node))
                    .forEach(node -> assertThat(asked.get(group)).contains(node));
        });
    }

    @Property
    void everyGatewayOfAGroupKnowsItsAddressForTheFamiliesThatAreSentToIt(@ForAll("clusters") Cluster cluster) {
        var rows = cluster.rows();
        rows.rules().forEach((key, rule) -> {
            if (rule instanceof Rule.ToGroup to) {
                rows.groups()
                        .get(to.group())
                        .shares()
                        .keySet()
                        .forEach(node -> assertThat(rows.addresses())
                                .containsKey(new EgressRows.AddressKey(
                                        to.group(), node, key.destination().isV4())));
            }
        });
    }

    @Property
    void theOrderOfTheInputNeverMatters(@ForAll("clusters") Cluster cluster, @ForAll long seed) {
        var rows = cluster.rows();
        for (List<?> input : List.of(cluster.policies, cluster.pods, cluster.nodes)) {
            Collections.shuffle(input, new Random(seed));
        }
        assertThat(cluster.rows()).isEqualTo(rows);
    }

    @Property
    void whatIsRemovedAndAddedAgainComesToTheSameRows(@ForAll("clusters") Cluster cluster, @ForAll long seed) {
        var everything = new EgressNumbers.InUse(_ -> true, _ -> true, _ -> true);
        var first = cluster.decisions();
        var numbers = EgressNumbers.NONE.next(cluster.state(), first, EgressNumbers.InUse.NOTHING);
        var policies = List.copyOf(cluster.policies);
        var pods = List.copyOf(cluster.pods);
        removeSome(cluster.policies, new Random(seed));
        removeSome(cluster.pods, new Random(seed + 1));
        var between = numbers.next(cluster.state(), cluster.decisions(), everything);
        cluster.policies.clear();
        cluster.policies.addAll(policies);
        cluster.pods.clear();
        cluster.pods.addAll(pods);
        var again = cluster.decisions();
        assertThat(EgressPlan.rows(again, between.next(cluster.state(), again, everything)))
                .isEqualTo(EgressPlan.rows(first, numbers));
    }

    private static void removeSome(List<?> list, Random random) {
        list.removeIf(_ -> random.nextBoolean());
    }

    private static Optional<Rule> rule(EgressRows rows, EgressPod pod, IpAddress destination) {
        return pod.addresses().stream()
                .filter(rows.sources()::containsKey)
                .map(rows.sources()::get)
                .flatMap(set -> rows.rules().entrySet().stream()
                        .filter(row -> row.getKey().set().equals(set))
                        .filter(row -> row.getKey().destination().contains(destination))
                        .max(Comparator.comparingInt(
                                row -> row.getKey().destination().length()))
                        .map(Map.Entry::getValue)
                        .stream())
                .findFirst();
    }

    /** The same in the words of the documentation, for one pod and one address, the slow way. */
    private static Optional<EgressPolicy> deciding(Cluster cluster, EgressPod pod, IpAddress destination) {
        return cluster.policies.stream()
                .filter(policy -> policy.sources().stream()
                        .anyMatch(source -> source.pods().matches(pod.labels())))
                .filter(policy -> longest(policy.destinations(), destination) > longest(policy.excluded(), destination))
                .max(Comparator.comparingInt((EgressPolicy policy) -> longest(policy.destinations(), destination))
                        .thenComparing(EgressPolicy.RANK.reversed()));
    }

    private static int longest(List<Prefix> prefixes, IpAddress destination) {
        return prefixes.stream()
                .filter(prefix -> prefix.contains(destination))
                .mapToInt(Prefix::length)
                .max()
                .orElse(-1);
    }

    @Provide
    Arbitrary<Cluster> clusters() {
        return Arbitraries.longs().map(seed -> cluster(new Random(seed)));
    }

    private static Cluster cluster(Random random) {
        var cluster = new Cluster();
        for (int node = 0; node < 5; node++) {
            String labels = (random.nextInt(4) > 0 ? "egress=true," : "") + "topology.kubernetes.io/zone=z" + node % 2;
            cluster.node("n" + node, labels).health("n" + node, GatewayHealth.values()[random.nextInt(3)]);
        }
        for (int pod = 0; pod < random.nextInt(6); pod++) {
            cluster.pod(Cluster.pod(
                    "uid" + random.nextInt(1000),
                    random.nextBoolean() ? "app=a" : "app=b",
                    "n" + random.nextInt(5),
                    false,
                    false,
                    "10.244.0." + pod,
                    "2001:db8:f::" + pod));
        }
        for (int policy = 0; policy < random.nextInt(6); policy++) {
            cluster.policy(policy("p" + policy, random));
        }
        return cluster;
    }

    private static PolicyBuilder policy(String name, Random random) {
        var policy = PolicyBuilder.policy(name)
                .pods(List.of("", "app=a", "app=b").get(random.nextInt(3)))
                .priority(random.nextInt(2))
                .created(random.nextInt(2))
                .to(some(random, 1 + random.nextInt(3)))
                .notTo(some(random, random.nextInt(3)));
        for (int gateway = 0; gateway <= random.nextInt(3); gateway++) {
            policy.through(
                    "egress=true" + (random.nextBoolean() ? ",topology.kubernetes.io/zone=z1" : ""), "eth" + gateway);
        }
        if (random.nextBoolean()) {
            policy.maxGateways(1 + random.nextInt(4));
        }
        if (random.nextBoolean()) {
            policy.sameZone();
        }
        return random.nextInt(3) == 0 ? policy.withoutFailover() : policy;
    }

    private static String[] some(Random random, int count) {
        var ranges = new ArrayList<>(RANGES);
        Collections.shuffle(ranges, random);
        return ranges.subList(0, count).toArray(String[]::new);
    }
}

package dev.tombolo.egress.plan;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerRequestsPlanTest {
    private static final ClusterName EAST = new ClusterName("east");
    private static final IpAddress POD = IpAddress.parse("10.2.0.7");
    private static final Prefix OUTSIDE = Prefix.parse("198.51.100.0/24");
    private final Cluster cluster = Cluster.ofTwoGateways();

    private EgressDecisions joined(PeerRequests... peers) {
        return PeerRequestsPlan.join(cluster.state(), cluster.decisions(), List.of(peers));
    }

    private static PeerRequests east(Map<IpAddress, Map<String, Integer>> pods, PolicyBuilder... policies) {
        return PeerRequests.of(
                EAST, Arrays.stream(policies).map(PolicyBuilder::build).toList(), pods);
    }

    private static PolicyBuilder billing() {
        return policy("billing").to(OUTSIDE.toString());
    }

    private static String zone(String zone) {
        return "topology.kubernetes.io/zone=" + zone;
    }

    private static SetKey set(String policy) {
        return new SetKey(List.of(new SetKey.Member(policy, 0, "")));
    }

    @Test
    void aPeersPodGoesThroughOurGatewayUnderANameOfItsOwn() {
        var decisions = joined(east(Map.of(POD, Map.of("billing", 0)), billing().inCluster("west")));

        assertThat(decisions.sources()).isEqualTo(Map.of(POD, set("east/billing")));
        assertThat(gateways(decisions, set("east/billing"))).containsExactly(Cluster.id("g1"));
    }

    /** Both clusters choose by themselves, and have to come to the same. */
    @Test
    void theClusterOfThePodsChoosesTheSameGateways() {
        var asked = billing().inCluster("west").maxGateways(2);
        var there = new EgressState(
                EAST,
                List.of(asked.build()),
                List.of(Cluster.pod("pod", "", "n9", false, false, POD.toString())),
                Map.of(),
                cluster.nodes,
                Map.of(),
                List.of(),
                Map.of());
        var ours = joined(east(Map.of(POD, Map.of("billing", 0)), asked));
        var theirs = EgressPlan.decide(there);

        assertThat(group(ours, set("east/billing")).gatewayOf(POD))
                .isEqualTo(group(theirs, set("billing")).gatewayOf(POD))
                .isPresent();
    }

    @Test
    void nothingThatAPeerAsksChangesWhatBecomesOfOurPods() {
        cluster.policy(policy("billing").to("198.51.100.0/24").through("egress=true", "192.0.2.10"))
                .pod("ours", "", "10.1.0.5");
        var alone = cluster.decisions();
        var greedy = east(
                Map.of(IpAddress.parse("10.1.0.5"), Map.of("billing", 0), POD, Map.of("billing", 0)),
                policy("billing").priority(1000).through("egress=true", "192.0.2.10"));

        var decisions = joined(greedy);

        assertThat(decisions.sources().get(IpAddress.parse("10.1.0.5")))
                .isEqualTo(alone.sources().get(IpAddress.parse("10.1.0.5")));
        alone.sets().forEach((set, rules) -> assertThat(decisions.sets()).containsEntry(set, rules));
        alone.gateways()
                .forEach((group, choice) -> assertThat(decisions.gateways()).containsEntry(group, choice));
    }

    /** It would end the planning of all policies, of every node. */
    @Test
    void aGroupThatServesAPeerOnlyHasGateways() {
        cluster.policy(policy("first").through(zone("a"), "192.0.2.10").created(1))
                .policy(policy("second").through(zone("b"), "192.0.2.10").created(2))
                .pod("ours", "", "10.1.0.5");
        var request = Map.of(POD, Map.of("billing", 0));
        for (String zone : List.of(zone("a"), zone("b"))) {
            var decisions = joined(
                    east(request, billing().through(zone, "192.0.2.10").inCluster("west")),
                    PeerRequests.of(
                            new ClusterName("north"),
                            List.of(billing()
                                    .through(zone, "192.0.2.10")
                                    .inCluster("west")
                                    .build()),
                            Map.of(IpAddress.parse("10.3.0.7"), Map.of("billing", 0))));
            var numbers = EgressNumbers.NONE.next(cluster.state(), decisions, EgressNumbers.InUse.NOTHING);
            assertThat(EgressPlan.rows(decisions, numbers).groups()).hasSameSizeAs(decisions.usedGroups());
        }
    }

    /** What was not heard of yet, or never will be, is not in force; what was is. */
    @Test
    void aPolicyThatWasNotHeardOfAndAnEntryThatDoesNotExistCountAsAbsent() {
        var decisions = joined(east(
                Map.of(POD, Map.of("billing", 0, "unheard", 0), IpAddress.parse("10.2.0.8"), Map.of("billing", 7)),
                billing()));

        assertThat(decisions.sources()).isEqualTo(Map.of(POD, set("east/billing")));
    }

    @Test
    void aPeerCausesNoMoreRulesThanItMay() {
        var policies = IntStream.range(0, 40)
                .mapToObj(number -> policy("p" + number)
                        .to(IntStream.range(0, 256)
                                .mapToObj(host -> "198.51." + number + "." + host + "/32")
                                .toArray(String[]::new)))
                .toArray(PolicyBuilder[]::new);
        var pods = new HashMap<IpAddress, Map<String, Integer>>();
        IntStream.range(0, 40).forEach(n -> pods.put(IpAddress.parse("10.2.0." + n), Map.of("p" + n, 0)));

        var decisions = joined(east(pods, policies));

        assertThat(decisions.sets()).hasSize(PeerRequestsPlan.MOST_RULES / 256);
        assertThat(decisions.sources().values()).isSubsetOf(decisions.sets().keySet());
    }

    @Test
    void withoutAGatewayAPeersPacketsAreDropped() {
        var decisions = joined(east(Map.of(POD, Map.of("billing", 0)), billing().through("egress=elsewhere", "")));

        assertThat(decisions.sets().get(set("east/billing")).verdicts())
                .isEqualTo(Map.of(OUTSIDE, new SetRules.Verdict.Dropped("east/billing")));
    }

    @Test
    void withoutAnOfferItIsSaidWhatIsMissingThere() {
        var choice = cluster.policy(billing().inCluster("east"))
                .decisions()
                .gateways()
                .values()
                .iterator()
                .next();

        assertThat(((GatewayChoice.None) choice).message())
                .isEqualTo(
                        "no node that east offers has the labels [egress=true]; label one there, and give MeshPeer west of"
                                + " east the annotation egress.tombolo.dev/may-use-gateways=true");
    }

    /** Its owner and no other: who asks has no say in where it is. */
    @Test
    void aFloatingAddressServesPeersWhereOurOwnPolicyHasIt() {
        cluster.pool("floating", 1, "192.0.2.10-192.0.2.19")
                .owner("192.0.2.10", "g2")
                .policy(policy("ours").through("egress=true", "192.0.2.10"));

        var decisions = joined(east(Map.of(POD, Map.of("billing", 0)), floating("192.0.2.10")));

        assertThat(gateways(decisions, set("east/billing"))).containsExactly(Cluster.id("g2"));
        assertThat(decisions.holders()).isEqualTo(cluster.decisions().holders());
    }

    @Test
    void noPeerTakesAnAddressOfOurPools() {
        cluster.pool("floating", 1, "192.0.2.10-192.0.2.19").owner("192.0.2.10", "g2");

        var fixed = joined(east(Map.of(POD, Map.of("billing", 0)), floating("192.0.2.10")));
        var asked = joined(east(Map.of(POD, Map.of("billing", 0)), floating("pool floating")));

        assertThat(choice(fixed).message())
                .isEqualTo(
                        "192.0.2.10 floats in west, and no policy of its own uses it; create one, or use another address");
        assertThat(choice(asked).candidates()).containsExactly(Cluster.id("g1"), Cluster.id("g2"));
        for (var decisions : List.of(fixed, asked)) {
            assertThat(decisions.holders()).isEmpty();
            assertThat(decisions.sets().get(set("east/billing")).verdicts())
                    .isEqualTo(Map.of(OUTSIDE, new SetRules.Verdict.Dropped("east/billing")));
        }
    }

    private static PolicyBuilder floating(String address) {
        return billing().through("egress=true", address);
    }

    private static GatewayChoice.None choice(EgressDecisions decisions) {
        return (GatewayChoice.None) decisions.gateways().values().iterator().next();
    }

    /** Zones of two clusters have nothing to do with each other. */
    @Test
    void zonesAreNotAskedOfAnotherClustersNodes() {
        cluster.node("e1@east", "egress=true,topology.kubernetes.io/zone=b")
                .node("e2@east", "egress=true,topology.kubernetes.io/zone=a")
                .policy(billing().inCluster("east").sameZone());

        assertThat(cluster.decisions().gateways().keySet())
                .extracting(GroupKey::zone)
                .containsExactly("");
    }

    private static GatewayGroup group(EgressDecisions decisions, SetKey set) {
        var through =
                (SetRules.Verdict.Through) decisions.sets().get(set).verdicts().get(OUTSIDE);
        return ((GatewayChoice.Serving) decisions.gateways().get(through.group())).group();
    }

    private static Iterable<NodeId> gateways(EgressDecisions decisions, SetKey set) {
        return group(decisions, set).shares().keySet();
    }
}

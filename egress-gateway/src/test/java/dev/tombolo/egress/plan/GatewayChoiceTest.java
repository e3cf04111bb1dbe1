package dev.tombolo.egress.plan;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which nodes are the gateways. */
class GatewayChoiceTest {
    private final Cluster cluster = new Cluster()
            .node("g3", "egress=true")
            .node("g1", "egress=true")
            .node("g2", "egress=true")
            .node("n1", "");

    @Test
    void oneGatewayTheFirstByName() {
        assertThat(gateways(policy("p"))).containsExactly("g1");
    }

    @Test
    void theNextTakesOverFromADeadOne() {
        cluster.dead("g1");
        assertThat(gateways(policy("p"))).containsExactly("g2");
    }

    @Test
    void neverHeardOfIsNotDead() {
        cluster.health("g1", GatewayHealth.UNKNOWN).health("g2", GatewayHealth.ALIVE);
        assertThat(gateways(policy("p"))).containsExactly("g1");
    }

    @Test
    void whatAnswersIsUsedWhateverKubernetesSays() {
        cluster.unready("g1").health("g1", GatewayHealth.ALIVE);
        assertThat(gateways(policy("p"))).containsExactly("g1");
    }

    @Test
    void whatIsUnreadyAndNeverHeardOfIsUsedWhenNothingElseIsLeft() {
        cluster.unready("g1");
        assertThat(gateways(policy("p"))).containsExactly("g2");
        cluster.dead("g2", "g3");
        assertThat(gateways(policy("p"))).containsExactly("g1");
    }

    @Test
    void whatDrainsGivesWayToWhateverStays() {
        cluster.draining("g1").draining("g2");
        assertThat(gateways(policy("p"))).containsExactly("g3");
        cluster.dead("g3");
        assertThat(gateways(policy("p"))).containsExactly("g1");
    }

    @Test
    void severalGatewaysWhereThePolicyAsksForThem() {
        assertThat(gateways(policy("p").maxGateways(2))).hasSize(2);
        assertThat(gateways(policy("p").maxGateways(64))).containsExactly("g1", "g2", "g3");
    }

    @Test
    void withoutFailoverTheDeadOnesShareIsDropped() {
        cluster.dead("g1");
        var several =
                (GatewayChoice.Serving) choice(policy("p").withoutFailover().maxGateways(3));
        var whole = (GatewayChoice.Serving) choice(new Cluster()
                .node("g1", "egress=true")
                .node("g2", "egress=true")
                .node("g3", "egress=true")
                .policy(policy("p").withoutFailover().maxGateways(3)));
        assertThat(several.group())
                .isEqualTo(whole.group().without(Cluster.id("g1")::equals))
                .isNotEqualTo(whole.group());
    }

    /** Some nodes may reach one, and what is called dead may be so by mistake. */
    @Test
    void whereAllAreCalledDeadTheyServeAsIfNobodyHadSaidSo() {
        cluster.dead("g1", "g2", "g3").unready("g1");
        assertThat(gateways(policy("p"))).containsExactly("g2");
        assertThat(gateways(policy("p").maxGateways(3))).containsExactly("g2", "g3");
        cluster.unready("g2").unready("g3");
        assertThat(gateways(policy("p"))).containsExactly("g1");
        assertThat(gateways(policy("p").withoutFailover())).containsExactly("g1");
        assertThat(gateways(policy("p").through("egress=true", "192.0.2.10"))).containsExactly("g1");
    }

    /** To move an address has to be agreed on, and is prepared meanwhile. */
    @Test
    void aFirstWordAgainstAGatewayMovesNoPodsButThoseWhoseAddressFloats() {
        cluster.health("g1", GatewayHealth.ACCUSED);
        assertThat(gateways(policy("p"))).containsExactly("g1");
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11").owner("192.0.2.10", "g1");
        assertThat(gateways(policy("q").through("egress=true", "192.0.2.10"))).containsExactly("g2");
    }

    /** One that answers comes first, also where it is another entry's. */
    @Test
    void podsOfAnEntryThatIsDeadGoToAnotherWhileThatAnswers() {
        var both = policy("p").through("only=1", "").through("only=2", "");
        cluster.node("h1", "only=1").node("h2", "only=2").policy(both).pod("w", "", "10.1.1.1");
        var own = serving();
        String other = own.equals(Set.of("h1")) ? "h2" : "h1";
        own.forEach(cluster::dead);
        assertThat(serving()).containsExactly(other);
        cluster.dead(other);
        assertThat(serving()).isEqualTo(own);
    }

    /** The gateways that rules lead to. */
    private Set<String> serving() {
        return cluster.rows().groups().values().stream()
                .flatMap(group -> group.shares().keySet().stream())
                .map(NodeId::name)
                .collect(Collectors.toSet());
    }

    @Test
    void whoIsOutIsAskedOnAndOneMoreStandsBy() {
        cluster.policy(policy("p").maxGateways(1)).pod("w", "", "10.1.1.1");
        var first = asked();
        assertThat(first).hasSize(2);
        cluster.dead(first.getFirst());
        assertThat(asked()).startsWith(first.get(1)).contains(first.getFirst()).hasSize(2);
        cluster.pods.clear();
        assertThat(Standbys.of(cluster.state(), cluster.decisions())).isEmpty();
    }

    /** Whatever comes first by name: who is asked already can take over at once. */
    @Test
    void whoStandsByIsWhoTakesOver() {
        cluster.node("g4", "egress=true").node("g5", "egress=true").pod("w", "", "10.1.1.1");
        for (int last = 1; last < 9; last++) {
            for (var policy : List.of(policy("p"), policy("p").maxGateways(1))) {
                cluster.health.clear();
                cluster.policies.clear();
                cluster.policy(policy.through("egress=true", "192.0.2." + last));
                var first = asked();
                assertThat(first).hasSize(2);
                cluster.dead(first.getFirst());
                assertThat(serving()).containsExactly(first.get(1));
            }
        }
    }

    /** Who takes an address over has to be sure of its health. */
    @Test
    void ofAnAddressThatFloatsTwoStandBy() {
        cluster.node("g4", "egress=true")
                .pod("w", "", "10.1.1.1")
                .policy(policy("p").through("egress=true", "192.0.2.10"));
        assertThat(asked()).hasSize(2);
        assertThat(Standbys.floating(cluster.state(), cluster.decisions())).isEmpty();
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11");
        assertThat(asked()).hasSize(3);
        assertThat(Standbys.floating(cluster.state(), cluster.decisions())).hasSize(1);
    }

    @Test
    void anAddressOfAnotherClustersGatewayDoesNotFloatHere() {
        cluster.node("e1@east", "egress=true")
                .pool("blue", 0, "192.0.2.10-192.0.2.11")
                .policy(policy("p").inCluster("east").through("egress=true", "192.0.2.10"));
        assertThat(Standbys.floating(cluster.state(), cluster.decisions())).isEmpty();
    }

    /** Of who is asked no more nothing would be known after a while. */
    @ParameterizedTest
    @EnumSource(names = {"DEAD", "ACCUSED", "UNHEARD"})
    void whoeverIsCalledOutIsAskedOn(GatewayHealth out) {
        cluster.node("g4", "egress=true").policy(policy("p")).pod("w", "", "10.1.1.1");
        cluster.health("g4", out);
        assertThat(asked()).containsExactly("g1", "g4");
        cluster.health("g4", GatewayHealth.UNKNOWN);
        assertThat(asked()).containsExactly("g1", "g2");
    }

    @Test
    void whereAllAreCalledDeadOneThatStaysServes() {
        cluster.dead("g1", "g2", "g3").draining("g1");
        assertThat(gateways(policy("p"))).containsExactly("g2");
        cluster.draining("g2").unready("g3");
        assertThat(gateways(policy("p"))).as("ready, though it drains").containsExactly("g1");
        cluster.unready("g1");
        assertThat(gateways(policy("p"))).as("ready, though it drains").containsExactly("g2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGatewayOfThePodsZoneIsPreferred(boolean failover) {
        var zones = Cluster.ofTwoGateways();
        var policy = policy("p").sameZone();
        zones.policy(failover ? policy : policy.withoutFailover());
        assertThat(inZone(zones, "b")).containsExactly("g2");
        assertThat(inZone(zones, "a")).containsExactly("g1");
        assertThat(inZone(zones, "")).containsExactly("g1");
    }

    private static List<String> inZone(Cluster zones, String zone) {
        var key = GroupKey.of(zones.policies.getFirst(), 0, zone, Cluster.WEST);
        var serving = (GatewayChoice.Serving) zones.decisions().gateways().get(key);
        return serving.group().shares().keySet().stream().map(NodeId::name).toList();
    }

    @Test
    void withoutAZoneThatIsAskedForNodesOfNoneAreNoBetter() {
        var zones = new Cluster()
                .node("g1", "egress=true,topology.kubernetes.io/zone=a")
                .node("g2", "egress=true");
        assertThat(((GatewayChoice.Serving) choice(zones.policy(policy("p"))))
                        .group()
                        .shares())
                .containsOnlyKeys(Cluster.id("g1"));
    }

    /** Its pods are not to leave with another address. */
    @Test
    void withoutFailoverPodsOfAnEntryWithoutAGatewayAreDropped() {
        var both = policy("p").through("no=such", "").through("egress=true", "").withoutFailover();
        cluster.policy(both);
        for (int last = 1; last < 20; last++) {
            cluster.pod("w" + last, "", "10.1.1." + last);
        }
        assertThat(cluster.rows().rules().values()).contains(new EgressRows.Rule.Drop("p"));
        cluster.policies.clear();
        cluster.policy(policy("p").through("no=such", "").through("egress=true", ""));
        assertThat(cluster.rows().rules().values()).doesNotContain(new EgressRows.Rule.Drop("p"));
    }

    /** What is sound and drains comes before what is doubtful. */
    @Test
    void whatDrainsAndAnswersComesBeforeWhatIsUnready() {
        cluster.unready("g1").draining("g2").dead("g3");
        assertThat(gateways(policy("p"))).containsExactly("g2");
    }

    private List<String> asked() {
        return Standbys.of(cluster.state(), cluster.decisions()).values().stream()
                .flatMap(List::stream)
                .map(NodeId::name)
                .toList();
    }

    @Test
    void noNodeWithTheLabelsIsSaidSo() {
        var choice = (GatewayChoice.None) choice(policy("p").through("no=such", ""));
        assertThat(choice.cause()).isEqualTo(GatewayChoice.Cause.NoNodeMatches);
        assertThat(choice.message())
                .isEqualTo("no node of west has the labels [no=such]; label one, or change the nodeSelector");
    }

    @Test
    void whoHoldsAnAddressKeepsItWhileItIsAsGoodAsAny() {
        var fixed = policy("p").through("egress=true", "192.0.2.10");
        cluster.owner("192.0.2.10", "g2");
        assertThat(gateways(fixed)).containsExactly("g2");
        cluster.draining("g2");
        assertThat(gateways(policy("p").through("egress=true", "192.0.2.10"))).containsExactly("g1");
    }

    @Test
    void anAddressOfTwoPoliciesIsInOnePlace() {
        cluster.node("h1", "other=true")
                .policy(policy("first").through("egress=true", "192.0.2.10").created(1));
        var elsewhere = (GatewayChoice.None)
                choice(policy("second").through("other=true", "192.0.2.10").created(2));
        assertThat(elsewhere.cause()).isEqualTo(GatewayChoice.Cause.AddressElsewhere);
        assertThat(elsewhere.message()).startsWith("192.0.2.10 is on g1@west for policy first;");
        assertThat(gateways(policy("third").through("", "192.0.2.10").created(3)))
                .containsExactly("g1");
    }

    private List<String> gateways(PolicyBuilder policy) {
        return ((GatewayChoice.Serving) choice(policy))
                .group().shares().keySet().stream().map(NodeId::name).toList();
    }

    /** The choice for the policy, beside those that the cluster has already. */
    private GatewayChoice choice(PolicyBuilder policy) {
        var earlier = List.copyOf(cluster.policies);
        try {
            return choice(cluster.policy(policy));
        } finally {
            cluster.policies.clear();
            cluster.policies.addAll(earlier);
        }
    }

    private static GatewayChoice choice(Cluster cluster) {
        var policy = cluster.policies.getLast();
        Map<GroupKey, GatewayChoice> choices = cluster.decisions().gateways();
        return choices.get(GroupKey.of(policy, 0, "", Cluster.WEST));
    }
}

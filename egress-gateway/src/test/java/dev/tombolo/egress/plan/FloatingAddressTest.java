package dev.tombolo.egress.plan;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which node holds an address of a pool, and which address a policy gets. */
class FloatingAddressTest {
    private final Cluster cluster = new Cluster()
            .node("g1", "egress=true,rack=a")
            .node("g2", "egress=true,rack=b")
            .node("g3", "egress=true,rack=b");

    @Test
    void anAddressOutsideEveryPoolIsTheAdministrators() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.20"))
                .policy(fixed("q", "192.0.2.10"));
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for q#0}");
    }

    @Test
    void theOwnerStaysUnlessItIsDeadOrDrains() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10"))
                .owner("192.0.2.10", "g2")
                .health("g1", GatewayHealth.ALIVE)
                .unready("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
        cluster.draining("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0}");
    }

    @Test
    void packetsGoToTheOwnerUntilAnotherHasTheAddress() {
        var policy = fixed("p", "192.0.2.10");
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(policy)
                .owner("192.0.2.10", "g2")
                .draining("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0}");
        assertThat(gateways(policy)).isEqualTo("[g2@west]");
        cluster.dead("g2");
        assertThat(gateways(policy)).isEqualTo("[g1@west]");
    }

    @Test
    void aDeadOwnerIsSucceeded() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10"))
                .owner("192.0.2.10", "g2")
                .dead("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0}");
        assertThat(cluster.dead("g1", "g3").decisions().holders()).isEmpty();
    }

    /** A program answers for a node whose agent is dead: it serves on what it has, and can take nothing. */
    @Test
    void aNodeWhoseAgentIsHeardOfSucceeds() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10"))
                .owner("192.0.2.10", "g3")
                .health("g1", GatewayHealth.ALIVE)
                .health("g2", GatewayHealth.ALIVE)
                .dead("g3");
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0}");
        cluster.agents("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
        cluster.draining("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
        cluster.dead("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0}");
    }

    @Test
    void anOwnerThatIsAliveNeedsNoAgentToKeepItsAddress() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10"))
                .owner("192.0.2.10", "g2")
                .health("g2", GatewayHealth.ALIVE)
                .agents("g1", "g3");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
    }

    @Test
    void anAddressWithoutAPoolIsWhereverItsNodeIs() {
        var own = fixed("p", "192.0.2.20");
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19").policy(own).agents("g2");
        assertThat(gateways(own)).isEqualTo("[g1@west]");
    }

    /** Neither the data path nor Kubernetes hears of it; one of them alone may be wrong. */
    @Test
    void anOwnerThatNobodyEverHeardIsSucceededWhenItsNodeIsNotReadyEither() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10"))
                .owner("192.0.2.10", "g2")
                .health("g2", GatewayHealth.UNHEARD);
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
        cluster.unready("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0}");
        cluster.health("g2", GatewayHealth.UNKNOWN);
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
        cluster.health("g2", GatewayHealth.UNHEARD).dead("g1", "g3");
        assertThat(holders()).as("where there is no other").isEqualTo("{192.0.2.10=g2 for p#0}");
    }

    @Test
    void withoutFailoverNobodySucceeds() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10").withoutFailover())
                .owner("192.0.2.10", "g2")
                .draining("g2");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
        cluster.dead("g2");
        assertThat(holders()).isEqualTo("{}");
        assertThat(none("p", fixed("p", "192.0.2.10").withoutFailover()).cause())
                .isEqualTo(GatewayChoice.Cause.FailoverOff);
    }

    @Test
    void anOwnerThatIsNoGatewayAnyMoreKeepsNothingWithoutFailoverEither() {
        cluster.node("n1", "")
                .pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10").withoutFailover())
                .owner("192.0.2.10", "n1");
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0}");
    }

    @Test
    void onlyNodesThatPolicyAndPoolSelectHoldIt() {
        cluster.pool("blue", 0, "rack=b", OptionalInt.empty(), "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10"));
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for p#0}");
        var nowhere = policy("q").through("rack=a", "192.0.2.11");
        cluster.policy(nowhere);
        assertThat(none("q", nowhere).message())
                .isEqualTo("no node of west has the labels [rack=a] and those of pool blue [rack=b];"
                        + " label one, or change the nodeSelector");
    }

    @Test
    void aNodeHoldsNoMoreThanThePoolAllows() {
        cluster.pool("blue", 0, "", OptionalInt.of(1), "192.0.2.10-192.0.2.19")
                .policy(fixed("p", "192.0.2.10").created(1))
                .policy(fixed("q", "192.0.2.11").created(2))
                .policy(fixed("r", "192.0.2.12").created(3))
                .policy(fixed("s", "192.0.2.13").created(4));
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for p#0, 192.0.2.11=g2 for q#0, 192.0.2.12=g3 for r#0}");
        assertThat(none("s", fixed("s", "192.0.2.13")).message())
                .isEqualTo("each gateway that answers holds as many addresses of pool blue as one may;"
                        + " raise its maxPerNode, or allow more nodes");
    }

    @Test
    void anAddressInUseIsNotPushedAwayByANewOneOfAHigherRank() {
        cluster.pool("blue", 0, "", OptionalInt.of(1), "192.0.2.10-192.0.2.19")
                .policy(fixed("new", "192.0.2.10").created(1))
                .policy(fixed("old", "192.0.2.11").created(2))
                .owner("192.0.2.11", "g1", "old#0");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for new#0, 192.0.2.11=g1 for old#0}");
    }

    @Test
    void anAddressOfTwoPoolsIsTheOlderOnes() {
        cluster.pool("young", 2, "rack=a", OptionalInt.empty(), "192.0.2.10-192.0.2.19")
                .pool("old", 1, "rack=b", OptionalInt.empty(), "192.0.2.15-192.0.2.29")
                .policy(fixed("p", "192.0.2.15"))
                .policy(policy("q").through("egress=true", "pool young"));
        assertThat(holders()).isEqualTo("{192.0.2.10=g1 for q#0, 192.0.2.15=g2 for p#0}");
    }

    @Test
    void eachGatewayEntryGetsTheLowestFreeAddress() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19")
                .policy(fixed("fixed", "192.0.2.11").created(9))
                .owner("192.0.2.10", "g3", "gone#0")
                .policy(policy("p").through("rack=a", "pool blue").through("rack=b", "pool blue"));
        assertThat(holders()).isEqualTo("{192.0.2.11=g1 for fixed#0, 192.0.2.12=g1 for p#0, 192.0.2.13=g2 for p#1}");
    }

    @Test
    void whoOwnsAnAddressOfThePoolKeepsIt() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11")
                .policy(policy("a").through("egress=true", "pool blue"))
                .policy(policy("b").through("egress=true", "pool blue"))
                .owner("192.0.2.10", "g2", "b#0");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for b#0, 192.0.2.11=g1 for a#0}");
    }

    @Test
    void whatIsOwnedForAPolicyThatIsGoneIsGivenLast() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.10")
                .policy(policy("a").through("egress=true", "pool blue"))
                .owner("192.0.2.10", "g2", "gone#0");
        assertThat(holders()).isEqualTo("{192.0.2.10=g2 for a#0}");
    }

    @Test
    void theAddressIsOfTheFamilyOfTheDestinations() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11", "2001:db8::10-2001:db8::11")
                .policy(policy("p").to("2001:db8:9::/48").through("egress=true", "pool blue"));
        assertThat(holders()).isEqualTo("{2001:db8::10=g1 for p#0}");
    }

    @Test
    void anAddressThatFloatsInAnotherClusterIsFollowedThere() {
        var abroad = policy("p").inCluster("east").through("egress=true", "192.0.2.10");
        cluster.node("e1@east", "egress=true")
                .node("e2@east", "egress=true")
                .node("e3@east", "")
                .policy(abroad);
        assertThat(gateways(abroad)).as("as far as nobody says more").isEqualTo("[e1@east]");
        cluster.holds("e2@east", "192.0.2.10", "192.0.2.11");
        assertThat(gateways(abroad)).isEqualTo("[e2@east]");
        assertThat(cluster.decisions().holders()).isEmpty();
        cluster.draining("e2@east").holds("e2@east", "192.0.2.10");
        assertThat(gateways(abroad)).as("until it moves there").isEqualTo("[e2@east]");
        cluster.holds("e2@east").holds("e3@east", "192.0.2.10");
        assertThat(none("p", abroad).message())
                .isEqualTo("192.0.2.10 floats in east, and is on e3@east; select the same gateways as its own policy");
    }

    /** Neither what it says of our addresses counts, nor what a third one says of its. */
    @Test
    void aClusterSpeaksForItsOwnAddressesOnly() {
        var abroad = policy("p").inCluster("east").through("egress=true", "192.0.2.10");
        cluster.node("e1@east", "egress=true")
                .node("n1@north", "egress=true")
                .holds("n1@north", "192.0.2.10")
                .holds("e1@east", "192.0.2.11")
                .policy(abroad)
                .policy(fixed("q", "192.0.2.11"));
        assertThat(gateways(abroad)).isEqualTo("[e1@east]");
        assertThat(gateways(fixed("q", "192.0.2.11"))).isEqualTo("[g1@west]");
    }

    @Test
    void addressesDoNotFloatInOtherClusters() {
        var abroad = policy("p").inCluster("east").through("egress=true", "pool blue");
        cluster.node("e1@east", "egress=true")
                .pool("blue", 0, "192.0.2.10-192.0.2.11")
                .policy(abroad);
        assertThat(cluster.decisions().holders()).isEmpty();
        assertThat(none("p", abroad).message())
                .isEqualTo("pools of west are not for gateways of east; give an egressIP instead of a pool");
    }

    @Test
    void theHoldersRowHasTheAddress() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11")
                .policy(policy("p").through("egress=true", "pool blue"))
                .pod("w", "", "10.1.1.1");
        assertThat(RowsText.of(cluster.rows())).endsWith("""
                group 1 of g1@west
                address group 1 on g1@west IPv4 192.0.2.10
                """);
    }

    private static PolicyBuilder fixed(String name, String address) {
        return policy(name).through("egress=true", address);
    }

    private String gateways(PolicyBuilder policy) {
        var key = GroupKey.of(policy.build(), 0, "", Cluster.WEST);
        var serving = (GatewayChoice.Serving) cluster.decisions().gateways().get(key);
        return serving.group().shares().keySet().toString();
    }

    private GatewayChoice.None none(String name, PolicyBuilder policy) {
        var key = GroupKey.of(policy.build(), 0, "", Cluster.WEST);
        return (GatewayChoice.None) cluster.decisions().gateways().get(key);
    }

    private String holders() {
        var lines = new TreeMap<String, String>();
        cluster.decisions()
                .holders()
                .forEach((address, holder) ->
                        lines.put(address.toString(), holder.node().name() + " for " + holder.policy()));
        return lines.toString();
    }
}

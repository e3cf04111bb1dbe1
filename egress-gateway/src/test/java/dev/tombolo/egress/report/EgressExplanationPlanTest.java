package dev.tombolo.egress.report;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.plan.GatewayGroup;
import dev.tombolo.egress.report.EgressExplanation.Considered;
import dev.tombolo.egress.report.EgressExplanation.Outcome;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import org.junit.jupiter.api.Test;

/** Why packets of a pod go where they go. */
class EgressExplanationPlanTest {
    private final Cluster cluster = Cluster.ofTwoGateways();

    @Test
    void namesThePolicyTheGatewayAndTheAddress() {
        cluster.policy(policy("p").through("egress=true", "192.0.2.10")).pod("w", "", "10.1.1.1");
        assertThat(explain("198.51.100.7").outcome())
                .isEqualTo(new Outcome.ThroughGateway(
                        "p",
                        Prefix.parse("0.0.0.0/0"),
                        Cluster.id("g1"),
                        new EgressAddress.Fixed(IpAddress.parse("192.0.2.10")),
                        GatewayGroup.slot(IpAddress.parse("10.1.1.1"))));
    }

    @Test
    void saysOfEveryPolicyWhyItDoesNotDecide() {
        cluster.policy(policy("urgent").to("198.51.100.0/24").priority(2))
                .policy(policy("less").to("198.51.100.0/24").priority(1))
                .policy(policy("wide").to("0.0.0.0/0"))
                .policy(policy("hole").to("0.0.0.0/0").notTo("198.51.100.0/24"))
                .policy(policy("other").to("203.0.113.0/24"))
                .pod("w", "", "10.1.1.1");
        assertThat(explain("198.51.100.7").considered())
                .containsExactly(
                        new Considered("urgent", true, "names 198.51.100.0/24"),
                        new Considered("less", false, "names 198.51.100.0/24, but urgent has priority 2 over 1"),
                        new Considered("hole", false, "excludes 198.51.100.0/24"),
                        new Considered("other", false, "names no range with 198.51.100.7"),
                        new Considered("wide", false, "names 0.0.0.0/0, but urgent names the longer 198.51.100.0/24"));
    }

    @Test
    void ageAndNameDecideAmongEquals() {
        cluster.policy(policy("a").created(2))
                .policy(policy("b").created(1))
                .policy(policy("c").created(1))
                .pod("w", "", "10.1.1.1");
        assertThat(explain("198.51.100.7").considered())
                .extracting(Considered::why)
                .containsExactly(
                        "names 0.0.0.0/0",
                        "names 0.0.0.0/0, but b comes first by name",
                        "names 0.0.0.0/0, but b is older");
    }

    @Test
    void saysWhyPacketsAreDropped() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11")
                .policy(policy("p").through("egress=true", "pool blue"))
                .pod("w", "", "10.1.1.1")
                .dead("g1", "g2");
        assertThat(explain("198.51.100.7").outcome())
                .isEqualTo(new Outcome.Dropped("p", Prefix.parse("0.0.0.0/0"), "none of [g1@west, g2@west] answers"));
    }

    @Test
    void saysThatThePodsOwnGatewayIsOut() {
        cluster.policy(policy("p").maxGateways(2).withoutFailover()).pod("w", "", "10.1.1.1");
        var gateway = explain("198.51.100.7").gateway().orElseThrow();
        cluster.dead(gateway.name());
        assertThat(explain("198.51.100.7").outcome())
                .isEqualTo(new Outcome.Dropped(
                        "p", Prefix.parse("0.0.0.0/0"), "the pod's gateway does not answer, and failover is off"));
        assertThat(explain("198.51.100.7").gateway()).isEmpty();
    }

    /** The longest range of each counts, whatever comes first. */
    @Test
    void thePolicyWithTheLongerRangeWinsWhateverElseItNames() {
        cluster.policy(policy("p").to("0.0.0.0/0", "198.51.100.0/24").notTo("198.51.100.0/24"))
                .policy(policy("q").to("0.0.0.0/0", "198.51.0.0/16"))
                .policy(policy("r").to("0.0.0.0/0", "198.51.100.0/25"))
                .pod("w", "", "10.1.1.1");
        assertThat(explain("198.51.100.7").considered())
                .containsExactly(
                        new Considered("p", false, "excludes 198.51.100.0/24"),
                        new Considered("q", false, "names 198.51.0.0/16, but r names the longer 198.51.100.0/25"),
                        new Considered("r", true, "names 198.51.100.0/25"));
    }

    @Test
    void saysThatADestinationIsExcluded() {
        cluster.policy(policy("p").notTo("10.0.0.0/8")).pod("w", "", "10.1.1.1");
        assertThat(explain("10.9.9.9").outcome()).isEqualTo(new Outcome.Excluded("p", Prefix.parse("10.0.0.0/8")));
    }

    @Test
    void saysWhyNoPolicyIsMeant() {
        cluster.policy(policy("p").pods("app=web").to("198.51.100.0/24")).pod("w", "app=web", "10.1.1.1");
        assertThat(why("w", "203.0.113.7")).isEqualTo("no policy that selects the pod names a range with 203.0.113.7");
        assertThat(why("w", "2001:db8::7")).isEqualTo("the pod has no address of the family of 2001:db8::7 yet");
        cluster.pod("db", "app=db", "10.1.1.2");
        assertThat(why("db", "198.51.100.7"))
                .isEqualTo("no policy selects the pod: compare its labels and its namespace's with spec.selectors");
        cluster.pod(Cluster.pod("host", "app=web", "n1", true, false, "192.0.2.1"));
        assertThat(why("host", "198.51.100.7"))
                .isEqualTo("the pod is on its node's network, so that a policy for it would be one for the node");
    }

    private String why(String pod, String destination) {
        return ((Outcome.NoPolicy) explain(pod, destination).outcome()).why();
    }

    private EgressExplanation explain(String destination) {
        return explain("w", destination);
    }

    private EgressExplanation explain(String name, String destination) {
        EgressPod pod = cluster.pods.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        return EgressExplanationPlan.explain(cluster.state(), cluster.decisions(), pod, IpAddress.parse(destination));
    }
}

package dev.tombolo.egress.report;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.plan.EgressRows;
import dev.tombolo.egress.report.PolicyStatus.GatewayUse;
import dev.tombolo.egress.report.PolicyStatus.Programming;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPolicyReading;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a policy's status says. */
class EgressStatusPlanTest {
    private static final Map<String, Programming> ALL_DONE = Map.of("p", done(3, 3), "q", done(3, 3));
    private final Cluster cluster = Cluster.ofTwoGateways();

    @Test
    void aPolicyThatWorksSaysThroughWhichGatewayWithWhichAddress() {
        cluster.policy(policy("p").through("egress=true", "192.0.2.10"))
                .pod("a", "", "10.1.1.1", "2001:db8:1::1")
                .pod("b", "", "10.1.1.2");
        var status = statuses(ALL_DONE).get("p");
        assertThat(status.selectedPods()).isEqualTo(2);
        assertThat(status.gateways())
                .containsExactly(new GatewayUse(
                        Cluster.id("g1"),
                        "a",
                        new EgressAddress.Fixed(IpAddress.parse("192.0.2.10")),
                        64,
                        Optional.empty()));
        assertThat(status.gatewayNames()).isEqualTo("g1");
        assertThat(status.egressIps()).isEqualTo("192.0.2.10");
        assertThat(text(status)).isEqualTo("""
                Programmed True InSync: 3 of 3 nodes
                Invalid False SpecAccepted
                Conflict False None
                NoGateway False Serving
                GatewaysOut False AllAnswer
                NoMatch False PodsSelected
                Ignored False None
                NoPodStartHook False None
                Saturated False RoomLeft""");
    }

    @Test
    void nodesWhosePodsStartUnheldAreNamedAndDoNotKeepItFromBeingProgrammed() {
        cluster.policy(policy("p")).pod("a", "", "10.1.1.1");
        var unheld = List.of("n1: it has no CNI", "n2: it is full", "n3: it is full", "n4: it is full");
        var status = EgressStatusPlan.statuses(readings(), cluster.state(), cluster.decisions(), ALL_DONE, unheld)
                .get("p");
        assertThat(text(status.condition(PolicyCondition.Type.NoPodStartHook)))
                .isEqualTo("NoPodStartHook True CniNotChanged: "
                        + "n1: it has no CNI; n2: it is full; n3: it is full; and 1 more");
        assertThat(text(status.condition(PolicyCondition.Type.Programmed)))
                .isEqualTo("Programmed True InSync: 3 of 3 nodes");
    }

    @Test
    void ofAFloatingAddressItSaysWhoOwnsItNow() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11")
                .policy(policy("p").through("egress=true", "pool blue"))
                .owner("192.0.2.11", "g2", "p#0")
                .dead("g2")
                .pod("a", "", "10.1.1.1");
        var address = new EgressAddress.Fixed(IpAddress.parse("192.0.2.11"));
        assertThat(statuses(ALL_DONE).get("p").gateways())
                .containsExactly(
                        new GatewayUse(Cluster.id("g1"), "a", address, 64, Optional.of(Cluster.id("g2"))),
                        new GatewayUse(Cluster.id("g2"), "b", address, 0, Optional.empty()));
    }

    @Test
    void withoutAnAddressOfItsPoolAPolicyHasNoGateway() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.10")
                .policy(policy("p").through("egress=true", "pool blue"))
                .policy(policy("q").through("egress=true", "pool blue"))
                .policy(policy("r").through("egress=true", "pool red"));
        assertThat(line(ALL_DONE, "q", PolicyCondition.Type.NoGateway))
                .isEqualTo("NoGateway True PoolExhausted: pool blue has no free address of the destinations' family;"
                        + " add a range to it; packets are dropped");
        assertThat(line(ALL_DONE, "r", PolicyCondition.Type.NoGateway))
                .isEqualTo("NoGateway True NoSuchPool: there is no EgressIPPool red with a valid range;"
                        + " create it, or name another one; packets are dropped");
    }

    @Test
    void nodesThatAreBehindAreCounted() {
        cluster.policy(policy("p")).pod("a", "", "10.1.1.1");
        assertThat(line(Map.of(), "p", PolicyCondition.Type.Programmed))
                .isEqualTo("Programmed Unknown NotReported: no node has reported yet");
        assertThat(line(Map.of("p", done(3, 2)), "p", PolicyCondition.Type.Programmed))
                .isEqualTo("Programmed False Pending: 2 of 3 nodes");
        var full = new Programming(3, 1, Optional.of("n1: map egress_rules is full"), List.of("n2"), List.of("g1"));
        assertThat(line(Map.of("p", full), "p", PolicyCondition.Type.Programmed))
                .isEqualTo("Programmed False Failed: 1 of 3 nodes; n1: map egress_rules is full;"
                        + " nothing heard of g1; waiting for n2");
    }

    @Test
    void nodesThatKeepAPolicyBackAreNamed() {
        cluster.policy(policy("p")).pod("a", "", "10.1.1.1");
        var behind = new Programming(3, 2, Optional.empty(), List.of("n2"), List.of());
        assertThat(line(Map.of("p", behind), "p", PolicyCondition.Type.Programmed))
                .isEqualTo("Programmed False Pending: 2 of 3 nodes; waiting for n2");
        var silent = new Programming(6, 2, Optional.empty(), List.of(), List.of("g1", "g2", "n1", "n2"));
        assertThat(line(Map.of("p", silent), "p", PolicyCondition.Type.Programmed))
                .isEqualTo("Programmed False NodesSilent: 2 of 6 nodes; nothing heard of g1, g2, n1 and 1 more");
    }

    @Test
    void aRefusedPolicySaysWhyAndStopsNoOther() {
        cluster.policy(policy("p")).pod("a", "", "10.1.1.1");
        var refused = new EgressPolicyReading(
                "bad",
                Optional.empty(),
                List.of(new Invalid("CiliumEgressGatewayPolicy bad", Invalid.Reason.MALFORMED, "x", "y")),
                List.of());
        var readings = new ArrayList<>(readings());
        readings.add(refused);
        var statuses = EgressStatusPlan.statuses(readings, cluster.state(), cluster.decisions(), ALL_DONE, List.of());
        assertThat(statuses.get("bad")
                        .condition(PolicyCondition.Type.Programmed)
                        .message())
                .isEqualTo("CiliumEgressGatewayPolicy bad: read x, expected y");
        assertThat(statuses.get("p").condition(PolicyCondition.Type.Programmed).reason())
                .isEqualTo("InSync");
    }

    @Test
    void aPolicyWhoseGatewaysAreWrongDropsAndSaysSo() {
        var right = policy("p").build();
        var wrong = new EgressPolicy(
                "p",
                right.created(),
                right.sources(),
                right.destinations(),
                right.excluded(),
                List.of(),
                right.preferences());
        cluster.policies.add(wrong);
        cluster.pod("a", "", "10.1.1.1");
        var refused = new Invalid("CiliumEgressGatewayPolicy p", Invalid.Reason.BAD_CONFIGURATION, "x", "y");
        var reading = new EgressPolicyReading("p", Optional.of(wrong), List.of(refused), List.of());
        var status = EgressStatusPlan.statuses(
                        List.of(reading), cluster.state(), cluster.decisions(), ALL_DONE, List.of())
                .get("p");
        assertThat(cluster.rows().rules().values()).containsExactly(new EgressRows.Rule.Drop("p"));
        assertThat(status.selectedPods()).isEqualTo(1);
        assertThat(text(status.condition(PolicyCondition.Type.Programmed)))
                .isEqualTo("Programmed False Invalid:"
                        + " CiliumEgressGatewayPolicy p: read x, expected y; packets are dropped");
    }

    @Test
    void withoutAGatewayItSaysWhyAndThatPacketsAreDropped() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11")
                .policy(policy("p").through("egress=true", "pool blue"))
                .pod("a", "", "10.1.1.1")
                .dead("g1", "g2");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.NoGateway))
                .isEqualTo(
                        "NoGateway True AllGatewaysDead:" + " none of [g1@west, g2@west] answers; packets are dropped");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.Programmed)).startsWith("Programmed False NoGateway: ");
    }

    @Test
    void whereNoGatewayAnswersItSaysThatTheyAreUsedAllTheSame() {
        cluster.policy(policy("p").maxGateways(2)).pod("a", "", "10.1.1.1").dead("g1", "g2");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.NoGateway))
                .isEqualTo(
                        "NoGateway True AllGatewaysDead: none of g1, g2 answers; packets are sent there all the same");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.Programmed)).startsWith("Programmed False NoGateway: ");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.GatewaysOut))
                .isEqualTo("GatewaysOut True NoAnswer:"
                        + " most nodes that ask get no answer from g1, g2; as none is left, they keep their pods");
    }

    @Test
    void aGatewayThatIsOutIsNamedAndHasNoShare() {
        cluster.policy(policy("p").maxGateways(2)).pod("a", "", "10.1.1.1").dead("g2");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.GatewaysOut))
                .isEqualTo(
                        "GatewaysOut True NoAnswer: most nodes that ask get no answer from g2; others have their pods");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.Programmed))
                .isEqualTo("Programmed True InSync: 3 of 3 nodes");
        var status = statuses(ALL_DONE).get("p");
        assertThat(status.gateways()).extracting(GatewayUse::share).containsExactly(64, 0);
        assertThat(status.gatewayNames()).isEqualTo("g1");
    }

    @Test
    void aShareThatIsDroppedIsSaidToBe() {
        cluster.policy(policy("p").maxGateways(2).withoutFailover())
                .pod("a", "", "10.1.1.1")
                .dead("g2");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.NoGateway))
                .isEqualTo("NoGateway True FailoverOff:"
                        + " some gateways do not answer, and failover is off; packets are dropped");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.GatewaysOut))
                .endsWith("from g2; their pods' packets are dropped, as failover is off");
    }

    @Test
    void anEntryOfWhichOthersHaveThePodsIsNoFailure() {
        cluster.policy(policy("p").through("no=such", "192.0.2.10").through("egress=true", "192.0.2.11"))
                .pod("a", "", "10.1.1.1");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.NoGateway))
                .startsWith("NoGateway False OtherEntriesServe: no node of west has the labels [no=such]");
    }

    @Test
    void theLoserOfAConflictSaysToWhomItLost() {
        cluster.policy(policy("p").to("198.51.100.0/24").created(1))
                .policy(policy("q").to("198.51.100.0/24", "203.0.113.0/24").created(2))
                .pod("a", "", "10.1.1.1");
        assertThat(line(ALL_DONE, "q", PolicyCondition.Type.Conflict))
                .isEqualTo("Conflict True SameDestination:"
                        + " 198.51.100.0/24 goes by policy p; priority decides, then age, then name");
        assertThat(line(ALL_DONE, "p", PolicyCondition.Type.Conflict)).isEqualTo("Conflict False None");
    }

    /** Nobody has anything to do for it, and that is not to look as if it were served. */
    @Test
    void aPolicyThatLosesEverythingIsNotServed() {
        cluster.policy(policy("p").to("198.51.100.0/24").created(1))
                .policy(policy("q").to("198.51.100.0/24").through("no=such", "").created(2))
                .pod("a", "", "10.1.1.1");

        var status = statuses(Map.of("q", done(0, 0))).get("q");

        assertThat(status.gateways()).isEmpty();
        assertThat(status.selectedPods()).isEqualTo(1);
        assertThat(text(status)).isEqualTo("""
                Programmed False Conflict: other policies decide at all of its destinations
                Invalid False SpecAccepted
                Conflict True SameDestination: 198.51.100.0/24 goes by policy p; priority decides, then age, then name
                NoGateway False Conflict
                GatewaysOut False AllAnswer
                NoMatch False PodsSelected
                Ignored False None
                NoPodStartHook False None
                Saturated False RoomLeft""");
    }

    @Test
    void aPolicyThatLosesAmongSomePodsOnlyIsServed() {
        cluster.policy(policy("p").pods("app=a").created(1))
                .policy(policy("q").created(2))
                .pod("a", "app=a", "10.1.1.1")
                .pod("b", "app=b", "10.1.1.2");

        assertThat(line(ALL_DONE, "q", PolicyCondition.Type.Programmed))
                .isEqualTo("Programmed True InSync: 3 of 3 nodes");
        assertThat(statuses(ALL_DONE).get("q").gatewayNames()).isEqualTo("g1");
    }

    @Test
    void anAddressThatAnotherPolicyHoldsElsewhereIsAConflict() {
        cluster.node("h1", "other=true")
                .policy(policy("p").through("egress=true", "192.0.2.10").created(1))
                .policy(policy("q")
                        .to("203.0.113.0/24")
                        .through("other=true", "192.0.2.10")
                        .created(2))
                .pod("a", "", "10.1.1.1");
        assertThat(line(ALL_DONE, "q", PolicyCondition.Type.Conflict))
                .startsWith("Conflict True AddressElsewhere: 192.0.2.10 is on g1@west for policy p");
        assertThat(line(ALL_DONE, "q", PolicyCondition.Type.NoGateway)).contains("True AddressElsewhere");
    }

    @Test
    void aPolicyThatSelectsNothingSaysSoAndWhichGatewayWouldServe() {
        cluster.policy(policy("p").pods("app=none"));
        var status = statuses(Map.of()).get("p");
        assertThat(status.condition(PolicyCondition.Type.NoMatch).truth()).isEqualTo(PolicyCondition.Truth.True);
        assertThat(status.condition(PolicyCondition.Type.Programmed).reason()).isEqualTo("NoMatch");
        assertThat(status.gatewayNames()).isEqualTo("g1");
    }

    @Test
    void whatHasNoEffectAndWhatRunsOutIsSaid() {
        cluster.policy(policy("p")).pod("a", "", "10.1.1.1");
        var reading = new EgressPolicyReading(
                "p", Optional.of(cluster.policies.getFirst()), List.of(), List.of(invalid("p")));
        var full = new Programming(3, 3, Optional.empty(), List.of(), List.of(), List.of("g1: it is full"));
        var status = EgressStatusPlan.statuses(
                        List.of(reading), cluster.state(), cluster.decisions(), Map.of("p", full), List.of())
                .get("p");
        assertThat(text(status.condition(PolicyCondition.Type.Ignored)))
                .isEqualTo("Ignored True NoEffect: p: read x, expected y");
        assertThat(text(status.condition(PolicyCondition.Type.Saturated)))
                .isEqualTo("Saturated True NearlyExhausted: g1: it is full");
    }

    /** Nothing of it is in force: there is nothing that it would have dropped. */
    @Test
    void aPolicyThatIsRefusedAsAWholeDropsNothing() {
        var reading = new EgressPolicyReading(
                "bad", Optional.empty(), List.of(invalid("bad")), List.of(invalid("a"), invalid("b"), invalid("c")));
        var status = EgressStatusPlan.statuses(
                        List.of(reading), cluster.state(), cluster.decisions(), Map.of(), List.of())
                .get("bad");
        assertThat(status.selectedPods()).isZero();
        assertThat(text(status.condition(PolicyCondition.Type.NoGateway))).isEqualTo("NoGateway False Invalid");
        assertThat(text(status.condition(PolicyCondition.Type.Ignored)))
                .isEqualTo("Ignored True NoEffect:"
                        + " a: read x, expected y; b: read x, expected y; c: read x, expected y");
    }

    private static Invalid invalid(String what) {
        return new Invalid(what, Invalid.Reason.MALFORMED, "x", "y");
    }

    @Test
    void asManyNodesAsAreShownAreNotCounted() {
        cluster.policy(policy("p")).pod("a", "", "10.1.1.1");
        var silent = new Programming(6, 3, Optional.empty(), List.of(), List.of("g1", "g2", "n1"));
        assertThat(line(Map.of("p", silent), "p", PolicyCondition.Type.Programmed))
                .endsWith("nothing heard of g1, g2, n1");
    }

    @Test
    void podsOfSeveralSetsAreAddedUp() {
        cluster.policy(policy("p"))
                .policy(policy("q").pods("app=a").to("203.0.113.0/24"))
                .pod("a", "app=a", "10.1.1.1")
                .pod("b", "app=b", "10.1.1.2");
        assertThat(statuses(ALL_DONE).get("p").selectedPods()).isEqualTo(2);
    }

    /** It loses one of its two ranges and drops at the other. */
    @Test
    void aPolicyThatLosesPartlyAndDropsTheRestIsNotTakenForOneThatLostAll() {
        cluster.policy(policy("p").to("198.51.100.0/24").created(1))
                .policy(policy("q")
                        .to("198.51.100.0/24", "203.0.113.0/24")
                        .through("no=such", "")
                        .created(2))
                .pod("a", "", "10.1.1.1");
        assertThat(line(ALL_DONE, "q", PolicyCondition.Type.Programmed)).startsWith("Programmed False NoGateway: ");
        assertThat(line(ALL_DONE, "q", PolicyCondition.Type.NoGateway)).startsWith("NoGateway True NoNodeMatches: ");
    }

    private static Programming done(int nodes, int done) {
        return new Programming(nodes, done, Optional.empty(), List.of(), List.of());
    }

    private String line(Map<String, Programming> programming, String policy, PolicyCondition.Type type) {
        return text(statuses(programming).get(policy).condition(type));
    }

    private Map<String, PolicyStatus> statuses(Map<String, Programming> programming) {
        return EgressStatusPlan.statuses(readings(), cluster.state(), cluster.decisions(), programming, List.of());
    }

    private List<EgressPolicyReading> readings() {
        return cluster.policies.stream()
                .map(policy -> new EgressPolicyReading(policy.name(), Optional.of(policy), List.of(), List.of()))
                .toList();
    }

    private static String text(PolicyStatus status) {
        return status.conditions().stream().map(EgressStatusPlanTest::text).collect(Collectors.joining("\n"));
    }

    private static String text(PolicyCondition condition) {
        return condition.type() + " " + condition.truth() + " " + condition.reason()
                + (condition.message().isEmpty() ? "" : ": " + condition.message());
    }
}

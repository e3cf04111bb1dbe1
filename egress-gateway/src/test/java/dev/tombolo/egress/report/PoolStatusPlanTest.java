package dev.tombolo.egress.report;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.egress.EgressPoolReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a pool's status says. */
class PoolStatusPlanTest {
    private static final Invalid REFUSED =
            new Invalid("EgressIPPool blue spec.ranges[1]", Invalid.Reason.TOO_LARGE, "x", "y");
    private final Cluster cluster = Cluster.ofTwoGateways();
    private final List<EgressPoolReading> refused = new ArrayList<>();

    @Test
    void itCountsTheAddressesThatPoliciesUse() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19", "192.0.2.30-192.0.2.30")
                .policy(policy("fixed").through("egress=true", "192.0.2.30"))
                .policy(policy("same").through("egress=true", "192.0.2.30"))
                .policy(policy("given").through("egress=true", "pool blue"))
                .policy(policy("outside").through("egress=true", "192.0.2.99"));
        assertThat(text("blue")).isEqualTo("""
                192.0.2.10-192.0.2.19; 192.0.2.30: 2 of 11
                Ready True InForce
                Conflict False None
                Invalid False SpecAccepted
                Exhausted False NoneWaits""");
    }

    @Test
    void whoGetsNoAddressIsNamed() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.11").pool("other", 0, "192.0.2.20-192.0.2.21");
        for (String name : List.of("a", "b", "c")) {
            cluster.policy(policy(name).through("egress=true", "pool blue"));
        }
        assertThat(text("blue"))
                .startsWith("192.0.2.10-192.0.2.11: 2 of 2\n")
                .endsWith("Exhausted True NoFreeAddress: none is free for policy c, whose packets are dropped;"
                        + " add a range, or delete policies that have one");
        assertThat(text("other")).endsWith("Exhausted False NoneWaits");
    }

    @Test
    void theYoungerOfTwoThatOverlapSaysWhatItHasNot() {
        cluster.pool("old", 0, "192.0.2.10-192.0.2.19").pool("blue", 1, "192.0.2.18-192.0.2.21");
        assertThat(text("old")).startsWith("192.0.2.10-192.0.2.19: 0 of 10\nReady True InForce\nConflict False None");
        assertThat(text("blue")).startsWith("""
                192.0.2.18-192.0.2.21: 0 of 2
                Ready True InForce
                Conflict True SameAddresses: 192.0.2.18-192.0.2.21 overlaps pool old; \
                the older pool has the addresses that are in both, then the first by name
                """);
    }

    @Test
    void aPoolThatHasNothingOfItsOwnIsOfNoUse() {
        cluster.pool("old", 0, "192.0.2.10-192.0.2.19").pool("blue", 1, "192.0.2.18-192.0.2.18");
        assertThat(text("blue")).startsWith("192.0.2.18: 0 of 0\nReady False NoAddress: 192.0.2.18 overlaps pool old;");
    }

    @Test
    void aPoolThatNoNodeCanHoldAddressesOfIsOfNoUse() {
        cluster.pool("blue", 0, "rack=z", OptionalInt.empty(), "192.0.2.10-192.0.2.19");
        assertThat(text("blue"))
                .contains("Ready False NoNodeMatches: no node has the labels [rack=z];"
                        + " label one, or change the nodeSelector");
    }

    @Test
    void neitherPoliciesNorNodesOfOtherClustersCount() {
        cluster.node("e1@east", "rack=z")
                .pool("blue", 0, "rack=z", OptionalInt.empty(), "192.0.2.10-192.0.2.19")
                .policy(policy("abroad").inCluster("east").through("rack=z", "192.0.2.10"))
                .policy(policy("asking").inCluster("east").through("rack=z", "pool blue"));
        assertThat(text("blue"))
                .startsWith("192.0.2.10-192.0.2.19: 0 of 10\nReady False NoNodeMatches")
                .endsWith("Exhausted False NoneWaits");
    }

    @Test
    void addressesOfBothFamiliesAreCountedWhereAnOlderPoolHasSome() {
        cluster.pool("old", 0, "192.0.2.10-192.0.2.11")
                .pool("blue", 1, "192.0.2.11-192.0.2.12", "2001:db8::10-2001:db8::12");
        assertThat(text("blue")).contains(": 0 of 4\n");
    }

    @Test
    void aPolicyThatWaitsTwiceIsNamedOnce() {
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.10")
                .policy(policy("a").through("egress=true", "192.0.2.10"))
                .policy(policy("b").through("egress=true", "pool blue").through("", "pool blue"));
        assertThat(text("blue")).contains("none is free for policy b, whose packets");
    }

    @Test
    void whatIsRefusedIsSaid() {
        refused.add(new EgressPoolReading("blue", Optional.empty(), List.of(REFUSED)));
        assertThat(text("blue")).isEqualTo("""
                : 0 of 0
                Ready False Invalid: EgressIPPool blue spec.ranges[1]: read x, expected y
                Conflict False None
                Invalid True SpecRefused: EgressIPPool blue spec.ranges[1]: read x, expected y
                Exhausted False Invalid""");
        cluster.pool("blue", 0, "192.0.2.10-192.0.2.19");
        refused.set(0, new EgressPoolReading("blue", Optional.of(cluster.pools.getFirst()), List.of(REFUSED)));
        assertThat(text("blue")).isEqualTo("""
                192.0.2.10-192.0.2.19: 0 of 10
                Ready True InForce
                Conflict False None
                Invalid True RangesRefused: EgressIPPool blue spec.ranges[1]: read x, expected y
                Exhausted False NoneWaits""");
    }

    private String text(String pool) {
        var readings = new ArrayList<>(refused);
        if (refused.isEmpty()) {
            cluster.pools.stream().map(PoolStatusPlanTest::accepted).forEach(readings::add);
        }
        var status = PoolStatusPlan.statuses(readings, cluster.state(), cluster.decisions())
                .get(pool);
        return status.ranges() + ": " + status.used() + " of " + status.total() + "\n"
                + status.conditions().stream()
                        .map(condition -> condition.type() + " " + condition.truth() + " " + condition.reason()
                                + (condition.message().isEmpty() ? "" : ": " + condition.message()))
                        .collect(Collectors.joining("\n"));
    }

    private static EgressPoolReading accepted(EgressPool pool) {
        return new EgressPoolReading(pool.name(), Optional.of(pool), List.of());
    }
}

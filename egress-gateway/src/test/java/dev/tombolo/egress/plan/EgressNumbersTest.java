package dev.tombolo.egress.plan;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.plan.EgressNumbers.InUse;
import org.junit.jupiter.api.Test;

class EgressNumbersTest {
    private final Cluster cluster = Cluster.ofTwoGateways();

    private EgressNumbers after(EgressNumbers before) {
        return before.next(cluster.state(), cluster.decisions(), InUse.NOTHING);
    }

    @Test
    void aPolicyDoesNotInheritTheConnectionsOfOneThatIsGone() {
        cluster.policy(policy("a")).policy(policy("b"));
        var first = after(EgressNumbers.NONE);
        assertThat(first.policies().of("a")).isEqualTo(1);

        cluster.policies.removeFirst();
        var without = after(first);
        cluster.policy(policy("c"));

        assertThat(after(without).policies().of("c")).isEqualTo(3);
    }
}

package dev.tombolo.agent.egress.rows;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.Across;
import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.model.net.Prefix;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows for a pod of another cluster are on gateways alone, and hold nothing of our own. */
class PeerRowsTest {
    private static final EgressKey.Source FOREIGN = new EgressKey.Source(Across.FOREIGN_POD);
    private final EgressProgram program = new Across().serving();

    @Test
    void theGatewayKnowsThePodAndWhatItMay() {
        var rows = EgressRowPlan.rows(
                NODE2, program, TwoNodes.network(2, TwoNodes.EGRESS), Set.of("tombolo-egw"), Set.of(), PathSizes.AMPLE);

        assertThat(rows).containsKey(FOREIGN);
        assertThat(rows.keySet())
                .anyMatch(key -> key instanceof EgressKey.Rule(int set, Prefix range)
                        && set != EgressRuleKey.UNION
                        && range.equals(Prefix.parse("203.0.113.0/24")));
    }

    @Test
    void ourPodsThatAreNotClassifiedYetAreNotHeldTowardsAPeersDestinations() {
        var rows = EgressRowPlan.rows(
                NODE1, program, TwoNodes.network(1), Set.of("tombolo-eg1"), Set.of(), PathSizes.AMPLE);

        assertThat(rows).doesNotContainKey(FOREIGN);
        assertThat(rows.keySet())
                .contains(new EgressKey.Rule(EgressRuleKey.UNION, TwoNodes.OUTSIDE))
                .doesNotContain(new EgressKey.Rule(EgressRuleKey.UNION, Prefix.parse("203.0.113.0/24")));
    }
}

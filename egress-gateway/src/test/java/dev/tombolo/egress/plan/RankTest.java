package dev.tombolo.egress.plan;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import org.junit.jupiter.api.Test;

/** Which of two policies with the same destination is in force. */
class RankTest {
    @Test
    void thePriorityDecidesFirst() {
        assertThat(winner(policy("a").created(1), policy("b").created(2).priority(1)))
                .isEqualTo("b");
        assertThat(winner(policy("a").created(2).priority(-1), policy("b").created(3)))
                .isEqualTo("b");
    }

    @Test
    void thenTheAge() {
        assertThat(winner(policy("a").created(2), policy("b").created(1))).isEqualTo("b");
    }

    @Test
    void thenTheName() {
        assertThat(winner(policy("b").created(1), policy("a").created(1))).isEqualTo("a");
    }

    private static String winner(PolicyBuilder first, PolicyBuilder second) {
        var rows = Cluster.ofTwoGateways()
                .policy(first)
                .policy(second)
                .pod("w", "", "10.1.1.1")
                .rows();
        assertThat(rows.rules()).hasSize(1);
        return rows.rules().values().iterator().next().policy();
    }
}

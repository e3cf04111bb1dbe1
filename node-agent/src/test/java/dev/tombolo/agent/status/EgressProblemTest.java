package dev.tombolo.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EgressProblemTest {
    /** Global services go on, and are not to be looked at for it. */
    @Test
    void whatKeepsAllPoliciesFromBeingCarriedOutIsSaidOfThemAndNotOfServices() {
        var problem = Problems.ofEgress("BPF program egress_pod: EPERM");

        assertThat(problem.what()).isEqualTo("egress policies");
        assertThat(problem.message()).isEqualTo("cannot be carried out: BPF program egress_pod: EPERM");
        assertThat(problem.fix()).doesNotContain("global services").contains("privileged");
    }
}

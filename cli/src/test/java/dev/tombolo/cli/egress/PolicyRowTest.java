package dev.tombolo.cli.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyRowTest {
    @Test
    void isFineWhenItIsProgrammedOrSelectsNothing() {
        assertThat(row(1, "Programmed True").isFine()).isTrue();
        assertThat(row(1, "Programmed False", "NoMatch True").isFine()).isTrue();
        assertThat(row(1, "Programmed False", "NoMatch False").isFine()).isFalse();
        assertThat(row(1, "Programmed Unknown").isFine()).isFalse();
        assertThat(row(1).isFine()).isFalse();
    }

    @Test
    void whatWasSaidOfAnotherGenerationIsNotSaidOfThisOne() {
        var row = row(2, "Programmed True", "NoMatch True");
        assertThat(row.isFine()).isFalse();
        assertThat(row.programmed().status()).isEqualTo("Unknown");
        assertThat(row.message())
                .isEqualTo("the status is of generation 1, the policy is at 2; see tombolo clustermesh status");
    }

    private static PolicyRow row(long generation, String... conditions) {
        var said = Stream.of(conditions)
                .map(text -> text.split(" "))
                .map(words -> new Condition(words[0], words[1], "Reason", "", Optional.empty()))
                .toList();
        var status = new EgressPolicyObject.Status(1, 0, "", "", List.of(), said);
        return PolicyRow.of(new EgressPolicyObject("p", "", generation, Optional.empty(), Map.of(), null, status));
    }
}

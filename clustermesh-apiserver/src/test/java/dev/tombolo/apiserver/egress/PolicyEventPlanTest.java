package dev.tombolo.apiserver.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyEventPlanTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            -                         | Programmed False Pending    | -
            -                         | Programmed True InSync      | NORMAL Programmed: said have it: through g1 by 192.0.2.10
            Programmed True InSync    | Programmed False Pending    | -
            Programmed True InSync    | Programmed False Failed     | WARNING ProgrammingFailed: said
            Programmed False Failed   | Programmed False Failed     | -
            Programmed False Failed   | Programmed True InSync      | NORMAL Programmed: said have it: through g1 by 192.0.2.10
            -                         | Programmed True NoMatch     | -
            -                         | NoGateway False Serving     | -
            -                         | NoGateway True FailoverOff  | WARNING NoGateway: said
            NoGateway True NoNode     | NoGateway True AllDead      | WARNING NoGateway: said
            NoGateway True AllDead    | NoGateway True AllDead      | -
            NoGateway True AllDead    | NoGateway False Serving     | NORMAL GatewayFound: its pods leave through g1
            -                         | Conflict True Elsewhere     | WARNING Conflict: said
            Conflict True Elsewhere   | Conflict False None         | NORMAL ConflictResolved: no other policy takes anything from it any more
            -                         | Invalid True SpecRefused    | WARNING Invalid: said
            Invalid True SpecRefused  | Invalid False SpecAccepted  | NORMAL Accepted: the policy is understood now, and in force as it is written
            -                         | Ignored True NoEffect       | -
            -                         | Saturated True Nearly       | WARNING Saturated: said
            Saturated True Nearly     | Saturated True Nearly       | -
            Saturated True Nearly     | Saturated False RoomLeft    | NORMAL RoomLeft: its gateways have ports and room for more connections again
            """)
    void tellsWhatAPersonHasToKnow(String before, String after, String event) {
        var events = PolicyEventPlan.events(
                PolicyEventPlan.known(conditions(before)),
                new EgressPolicyObject.Status(1, 1, "g1", "192.0.2.10", List.of(), conditions(after)));
        assertThat(events.stream().map(e -> e.severity() + " " + e.reason() + ": " + e.message()))
                .isEqualTo(Stream.ofNullable(event).toList());
    }

    /** Pods land on new nodes all the time. */
    @Test
    void whoWasBehindForAMomentIsNotSaidToBeThereAgain() {
        var known = PolicyEventPlan.known(conditions("Programmed True InSync"));
        for (String state : List.of("Programmed False Pending", "Programmed True InSync")) {
            var status = new EgressPolicyObject.Status(1, 1, "g1", "", List.of(), conditions(state));
            assertThat(PolicyEventPlan.events(known, status)).isEmpty();
        }
    }

    private static List<Condition> conditions(String text) {
        return Stream.ofNullable(text)
                .map(words -> words.split(" "))
                .map(words -> new Condition(words[0], words[1], words[2], "said", Optional.empty()))
                .toList();
    }
}

package dev.tombolo.cli.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.cli.egress.PolicyRow;
import dev.tombolo.cli.health.Health.Problem;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EgressProblemPlanTest {
    @Test
    void aPolicyThatIsProgrammedIsNoProblem() {
        assertThat(EgressProblemPlan.of(List.of(policy("True", "InSync", "2 of 2 nodes")), List.of(node("n1", ""))))
                .isEmpty();
    }

    @Test
    void aPolicyThatIsNotProgrammedIsNamedWithCauseAndFix() {
        assertThat(EgressProblemPlan.of(
                        List.of(policy("False", "NoGateway", "no node has the labels; packets are dropped")),
                        List.of()))
                .containsExactly(new Problem(
                        "egress policy out is not programmed: NoGateway, no node has the labels; packets are dropped",
                        "label a node that can be its gateway, or mend those that do not answer: "
                                + "kubectl describe ciliumegressgatewaypolicy out"));
    }

    /** Also while the status still says that all is well. */
    @Test
    void whatNodesCannotDoIsSaidOnceInTheWordsOfTheFirst() {
        var said = List.of(node("n1", ""), node("n2", "IPNotFound: no address"), node("n3", "IPNotFound: no address"));

        assertThat(EgressProblemPlan.of(List.of(policy("True", "InSync", "2 of 2 nodes")), said))
                .containsExactly(new Problem(
                        "egress policy out on node n2 and 1 more: IPNotFound: no address",
                        "tombolo egress list shows what becomes of the policy; nothing leaves until a gateway has the"
                                + " address"));
    }

    private static PolicyRow policy(String programmed, String reason, String message) {
        var condition = new Condition("Programmed", programmed, reason, message, Optional.empty());
        var status = new EgressPolicyObject.Status(1, 1, "", "", List.of(), List.of(condition));
        return PolicyRow.of(
                new EgressPolicyObject("out", "", 1, Optional.empty(), Map.of(), null, status), Optional.empty());
    }

    private static MeshNodeObject node(String name, String problem) {
        return new MeshNodeObject(
                name,
                new MeshNodeObject.Status(
                        "",
                        true,
                        null,
                        List.of(),
                        0,
                        List.of(),
                        List.of(new EgressProgrammed("out", 1, problem)),
                        List.of(),
                        Optional.empty(),
                        List.of()));
    }
}

package dev.tombolo.apiserver.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.report.PolicyCondition;
import dev.tombolo.egress.report.PolicyCondition.Truth;
import dev.tombolo.egress.report.PolicyCondition.Type;
import dev.tombolo.egress.report.PolicyStatus;
import dev.tombolo.egress.report.PolicyStatus.GatewayUse;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject.Gateway;
import dev.tombolo.kube.object.EgressPolicyObject.Status;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyStatusPlanTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void theObjectSaysWhatThePolicyHasComeTo() {
        var gateway = new NodeId(new ClusterName("east"), "g1");
        var fixed = new EgressAddress.Fixed(IpAddress.parse("192.0.2.10"));
        var status = new PolicyStatus(
                2,
                List.of(
                        new GatewayUse(gateway, "a", fixed, 40, Optional.of(new NodeId(gateway.cluster(), "n2"))),
                        new GatewayUse(gateway, "a", new EgressAddress.OfInterface("eth1"), 24, Optional.empty())),
                List.of(condition(Truth.True, "2 of 2 nodes")));
        assertThat(PolicyStatusPlan.status(3, status, Status.EMPTY, NOON.plusMillis(7)))
                .isEqualTo(new Status(
                        3,
                        2,
                        "g1",
                        "192.0.2.10, interface eth1",
                        List.of(
                                new Gateway("g1", "east", "a", "192.0.2.10", 40, "n2"),
                                new Gateway("g1", "east", "a", "interface eth1", 24, "")),
                        List.of(new Condition("Programmed", "True", "InSync", "2 of 2 nodes", Optional.of(NOON)))));
    }

    @Test
    void theTimeIsThatOfTheLastTurnOfTheStatusNotOfItsWords() {
        var first = status(Truth.False, "1 of 2 nodes", Status.EMPTY, 0);
        var other = status(Truth.False, "0 of 2 nodes", first, 10);
        assertThat(since(other)).isEqualTo(NOON);
        var turned = status(Truth.Unknown, "no node has reported yet", other, 20);
        assertThat(since(turned)).isEqualTo(NOON.plusSeconds(20));
    }

    private static Status status(Truth truth, String message, Status before, int seconds) {
        return PolicyStatusPlan.status(
                1,
                new PolicyStatus(0, List.of(), List.of(condition(truth, message))),
                before,
                NOON.plusSeconds(seconds));
    }

    private static Instant since(Status status) {
        return status.conditions().getFirst().lastTransitionTime().orElseThrow();
    }

    private static PolicyCondition condition(Truth truth, String message) {
        return new PolicyCondition(Type.Programmed, truth, "InSync", message);
    }
}

package dev.tombolo.cli.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPolicyObject.Gateway;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatedHealthPlanTest {
    @Test
    void whoHasNoShareDoesNotAnswer() {
        var status =
                new EgressPolicyObject.Status(1, 0, "", "", List.of(gateway("g1", 64), gateway("g2", 0)), List.of());
        var policy = new EgressPolicyObject("p", "uid", 1, Optional.empty(), Map.of(), null, status);
        assertThat(StatedHealthPlan.health(List.of(policy)))
                .isEqualTo(Map.of(new NodeId(new ClusterName("west"), "g2"), GatewayHealth.DEAD));
    }

    private static Gateway gateway(String node, int share) {
        return new Gateway(node, "west", "", "default route", share, "");
    }
}

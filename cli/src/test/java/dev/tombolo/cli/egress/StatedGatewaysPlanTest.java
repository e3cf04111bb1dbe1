package dev.tombolo.cli.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatedGatewaysPlanTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final ClusterName EAST = new ClusterName("east");

    @Test
    void gatewaysOfAnotherClusterHaveTheLabelsThatWereAskedFor() {
        assertThat(StatedGatewaysPlan.nodes(WEST, List.of(policy("east", "east"))))
                .containsExactly(new EgressNode(new NodeId(EAST, "g1"), Map.of("egress", "yes"), true, false));
    }

    @Test
    void ourOwnNodesAreReadAndNotTakenFromAStatus() {
        assertThat(StatedGatewaysPlan.nodes(WEST, List.of(policy("west", "west"))))
                .isEmpty();
    }

    /** The annotation was changed, and nobody has decided since. */
    @Test
    void whatTheStatusSaysOfAClusterThatIsNotNamedAnyMoreIsOld() {
        assertThat(StatedGatewaysPlan.nodes(WEST, List.of(policy("north", "east"))))
                .isEmpty();
    }

    private static EgressPolicyObject policy(String named, String stated) {
        var pods = new EgressPolicySpec.Selector(Map.of("app", "billing"), List.of());
        var nodes = new EgressPolicySpec.Selector(Map.of("egress", "yes"), List.of());
        var spec = new EgressPolicySpec(
                List.of(new EgressPolicySpec.Source(Optional.of(pods), Optional.empty(), Optional.empty())),
                List.of("198.51.100.0/24"),
                List.of(),
                Optional.of(new EgressPolicySpec.Gateway(Optional.of(nodes), Optional.empty(), Optional.empty())),
                List.of());
        var gateway = new EgressPolicyObject.Gateway("g1", stated, "", "default route", 64, "");
        var status = new EgressPolicyObject.Status(1, 1, "", "", List.of(gateway), List.of());
        return new EgressPolicyObject(
                "billing", "", 1, Optional.empty(), Map.of("egress.tombolo.dev/cluster", named), spec, status);
    }
}

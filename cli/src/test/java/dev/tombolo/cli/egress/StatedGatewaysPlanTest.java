package dev.tombolo.cli.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.label.SelectorSpec;
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

    /** Else the first of them would seem to serve both entries, and explain would name it for all pods. */
    @Test
    void eachGatewayOfSeveralHasTheLabelsOfItsOwnEntry() {
        var policy = policy(
                "east",
                List.of(entry("blue", "192.0.2.1"), entry("red", "192.0.2.2")),
                List.of(gateway("g1", "east", "192.0.2.2"), gateway("g2", "east", "192.0.2.1")));
        assertThat(StatedGatewaysPlan.nodes(WEST, List.of(policy)))
                .containsExactly(
                        new EgressNode(new NodeId(EAST, "g1"), Map.of("egress", "red"), true, false),
                        new EgressNode(new NodeId(EAST, "g2"), Map.of("egress", "blue"), true, false));
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
        return policy(named, List.of(entry("yes", null)), List.of(gateway("g1", stated, "default route")));
    }

    private static EgressPolicySpec.Gateway entry(String label, String egressIp) {
        var nodes = new SelectorSpec(Map.of("egress", label), List.of());
        return new EgressPolicySpec.Gateway(Optional.of(nodes), Optional.empty(), Optional.ofNullable(egressIp));
    }

    private static EgressPolicyObject.Gateway gateway(String node, String cluster, String egressIp) {
        return new EgressPolicyObject.Gateway(node, cluster, "", egressIp, 64, "");
    }

    private static EgressPolicyObject policy(
            String named, List<EgressPolicySpec.Gateway> entries, List<EgressPolicyObject.Gateway> stated) {
        var pods = new SelectorSpec(Map.of("app", "billing"), List.of());
        var spec = new EgressPolicySpec(
                List.of(new EgressPolicySpec.Source(Optional.of(pods), Optional.empty(), Optional.empty())),
                List.of("198.51.100.0/24"),
                List.of(),
                Optional.empty(),
                entries);
        var status = new EgressPolicyObject.Status(1, 1, "", "", stated, List.of());
        return new EgressPolicyObject(
                "billing", "", 1, Optional.empty(), Map.of("egress.tombolo.dev/cluster", named), spec, status);
    }
}

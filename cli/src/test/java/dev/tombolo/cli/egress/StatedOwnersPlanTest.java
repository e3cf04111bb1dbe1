package dev.tombolo.cli.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPolicyObject.Gateway;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatedOwnersPlanTest {
    private static final ClusterName WEST = new ClusterName("west");

    @Test
    void whatFloatsIsOwnedByTheNodeThatTheStatusNames() {
        var policies = List.of(
                policy("one", new Gateway("g1", "west", "", "192.0.2.10", 64, "g2")),
                policy("two", gateway("192.0.2.11", "g1"), gateway("192.0.2.12", "g2")),
                policy("still", gateway("192.0.2.20", ""), gateway("interface eth1", "")));
        assertThat(StatedOwnersPlan.owners(WEST, policies))
                .isEqualTo(Map.of(
                        IpAddress.parse("192.0.2.10"), owner("g2", "one#0"),
                        IpAddress.parse("192.0.2.11"), owner("g1", ""),
                        IpAddress.parse("192.0.2.12"), owner("g2", "")));
    }

    private static EgressOwner owner(String node, String holder) {
        return new EgressOwner(new NodeId(WEST, node), 0, holder, Instant.EPOCH);
    }

    private static Gateway gateway(String address, String owner) {
        return new Gateway("g1", "west", "", address, 64, owner);
    }

    private static EgressPolicyObject policy(String name, Gateway... gateways) {
        var status = new EgressPolicyObject.Status(1, 0, "", "", List.of(gateways), List.of());
        return new EgressPolicyObject(name, "uid", 1, Optional.empty(), Map.of(), null, status);
    }
}

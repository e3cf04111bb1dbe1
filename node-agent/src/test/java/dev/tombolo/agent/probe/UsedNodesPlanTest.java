package dev.tombolo.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.path.Path;
import dev.tombolo.agent.service.Backend;
import dev.tombolo.agent.service.BackendSet;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsedNodesPlanTest {
    private static final ClusterName WEST = new ClusterName("west");

    @Test
    void nodesWithBackendsAreUsedAlsoTheDeadOnesAndNoOthers() {
        var alive = path("n1", "10.2.1.5");
        var dead = path("n2", "10.2.2.5");
        var unused = path("n3", "10.2.3.5");
        var set = new BackendSet(
                List.of(backend("10.2.1.5"), backend("10.1.0.9")), List.of(), List.of(backend("10.2.2.5")));
        var frontend = new Frontend(new SocketEndpoint(IpAddress.parse("10.96.0.7"), 80), Protocol.TCP);
        var service = new ServedService(
                new ServiceName("shop", "web"), Optional.empty(), true, Affinity.NONE, true, Map.of(frontend, set), 0);
        assertThat(UsedNodesPlan.nodes(List.of(service), List.of(alive, dead, unused)))
                .containsExactlyInAnyOrder(alive.node(), dead.node());
    }

    private static Path path(String node, String address) {
        return new Path(new NodeId(WEST, node), IpAddress.parse(address));
    }

    private static Backend backend(String address) {
        return new Backend(WEST, 2, new SocketEndpoint(IpAddress.parse(address), 8080));
    }
}

package dev.tombolo.agent.egress.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InternalRangesPlanTest {
    private static final PeerDeclaration WEST = new PeerDeclaration(
            new ClusterName("west"),
            new ClusterId(2),
            MeshNumbering.of(255),
            List.of(Prefix.parse("10.2.0.0/16")),
            List.of(),
            List.of(Prefix.parse("100.64.128.0/18")),
            PeerQuotas.DEFAULT);

    private static final KubeService SERVICE = new KubeService(
            new ObjectKey("shop", "web"),
            "uid",
            Map.of(),
            Map.of(),
            KubeService.Type.CLUSTER_IP,
            List.of(IpAddress.parse("10.96.0.7")),
            List.of(),
            List.of(),
            Map.of(),
            false,
            false,
            0,
            LoadBalancing.NONE);

    /** A pod outside its node's range, as CNIs with pools of their own have them. */
    private static final EgressPod STRANGER = new EgressPod(
            "shop", "far", "uid", "default", Map.of(), "node1", List.of(IpAddress.parse("10.9.9.9")), false, false);

    @Test
    void whateverIsInAClusterOfTheMeshIsNeverSteered() {
        var cluster = new TwoNodes();

        assertThat(InternalRangesPlan.ranges(
                        cluster.nodes,
                        List.of(cluster.pods.getFirst(), STRANGER),
                        List.of(SERVICE),
                        List.of(WEST),
                        Prefix.parse("100.64.64.0/18")))
                .extracting(Prefix::toString)
                .contains("10.1.1.0/24", "10.1.2.0/24", "172.30.1.11/32", "172.30.1.12/32")
                .contains("10.96.0.7/32", "10.9.9.9/32", "10.2.0.0/16", "100.64.128.0/18", "100.64.64.0/18")
                .contains("224.0.0.0/4", "169.254.0.0/16", "ff00::/8")
                .doesNotContain("10.1.1.5/32", "0.0.0.0/0");
    }
}

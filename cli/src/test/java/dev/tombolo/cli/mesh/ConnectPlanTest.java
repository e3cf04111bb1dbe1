package dev.tombolo.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshPeerObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectPlanTest {
    private static final ClusterMeshObject.Status WEST =
            cluster("west", 1, 255, "10.1.0.0/16", "192.0.2.1/32", "100.64.64.0/18");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # name | id  | width | pods         | nodes          | tunnel          | what is said
                    east   | 2   | 255   | 10.2.0.0/16  | 192.0.2.9/32   | 100.64.128.0/18 |
                    west   | 2   | 255   | 10.2.0.0/16  | 192.0.2.9/32   | 100.64.128.0/18 | both clusters are named west
                    east   | 1   | 255   | 10.2.0.0/16  | 192.0.2.9/32   | 100.64.128.0/18 | both have the id 1
                    east   | 300 | 255   | 10.2.0.0/16  | 192.0.2.9/32   | 100.64.128.0/18 | the id of east is 300, expected 1 to 255
                    east   | 2   | 511   | 10.2.0.0/16  | 192.0.2.9/32   | 100.64.128.0/18 | numbers up to 255 clusters, east up to 511
                    east   | 2   | 255   | 10.1.8.0/24  | 192.0.2.9/32   | 100.64.128.0/18 | pod ranges overlap: 10.1.0.0/16 of west and 10.1.8.0/24 of east
                    east   | 2   | 255   | 10.2.0.0/16  | 192.0.2.1/32   | 100.64.128.0/18 | node ranges overlap
                    east   | 2   | 255   | 10.2.0.0/16  | 192.0.2.9/32   | 100.64.64.0/19  | tunnel ranges overlap
                    east   | 2   | 255   | 192.0.2.0/24 | 198.51.100.1/32 | 100.64.128.0/18 | node and pod ranges overlap
                    east   | 2   | 255   | 10.2.0.0/16  | 192.0.2.9/32   | 10.1.4.0/24     | pod and tunnel ranges overlap: 10.1.0.0/16 of west and 10.1.4.0/24 of east; choose another with tombolo upgrade --set tunnel.cidr
                    east   | 2   | 255   | 10.96.8.0/24 | 192.0.2.9/32   | 100.64.128.0/18 | service and pod ranges overlap: 10.96.0.0/16 of west
                    """)
    void refusesWhatCannotBeOneMesh(
            String name, int id, int width, String pods, String nodes, String tunnel, String said) {
        var refusals = ConnectPlan.refusals(WEST, cluster(name, id, width, pods, nodes, tunnel));
        if (said == null) {
            assertThat(refusals).isEmpty();
        } else {
            assertThat(refusals).hasSize(1);
            assertThat(refusals.getFirst()).contains(said);
        }
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        assertThat(ConnectPlan.refusals(WEST, WEST)).hasSize(5);
    }

    @Test
    void declaresNothingButWhatTheOtherSaidOfItself() {
        var peer = ConnectPlan.peer(WEST, Optional.empty());
        assertThat(peer.clusterId()).isEqualTo(1);
        assertThat(peer.podCIDRs()).isEqualTo(List.of("10.1.0.0/16"));
        assertThat(peer.tunnelCIDR()).isEqualTo("100.64.64.0/18");
        assertThat(peer.clientCertificate()).isEmpty();
    }

    @Test
    void refusesWhatCollidesWithAnotherPeerAndNotWithItsOwnDeclaration() {
        var east = cluster("east", 2, 255, "10.2.0.0/16", "192.0.2.9/32", "100.64.128.0/18");
        var north = peer(
                "north",
                ConnectPlan.peer(
                        cluster("north", 2, 255, "10.2.8.0/24", "192.0.2.8/32", "100.64.192.0/18"), Optional.empty()));
        var itself = peer("east", ConnectPlan.peer(east, Optional.empty()));
        assertThat(ConnectPlan.refusals(WEST, List.of(itself), east)).isEmpty();
        assertThat(ConnectPlan.refusals(WEST, List.of(itself, north), east))
                .containsExactly(
                        "the peer north of west has the id 2, as east has; ids must differ in the whole mesh",
                        "the pod ranges overlap: 10.2.0.0/16 of east and 10.2.8.0/24 of the peer north of west;"
                                + " give one of the clusters other ranges");
    }

    @Test
    void aCertificateIsKeptWhileTheAuthorityThatSignedItIs() {
        var east = cluster("east", 2, 255, "10.2.0.0/16", "192.0.2.9/32", "100.64.128.0/18");
        var connected = peer("east", ConnectPlan.peer(east, Optional.empty()).withClientCertificate("ours"));
        assertThat(ConnectPlan.peer(east, Optional.of(connected))).isEqualTo(connected.spec());
        var otherAuthority = new ClusterMeshObject.Status(
                "east",
                2,
                255,
                east.endpoints(),
                "another",
                "csr",
                east.podCIDRs(),
                east.nodeCIDRs(),
                east.tunnelCIDR(),
                east.serviceCIDR(),
                Counts.NONE,
                List.of());
        assertThat(ConnectPlan.peer(otherAuthority, Optional.of(connected)).clientCertificate())
                .isEmpty();
    }

    private static MeshPeerObject peer(String name, MeshPeerObject.Spec spec) {
        return new MeshPeerObject(name, "u", 1, false, java.util.Map.of(), spec, null);
    }

    private static ClusterMeshObject.Status cluster(
            String name, int id, int width, String pods, String nodes, String tunnel) {
        return new ClusterMeshObject.Status(
                name,
                id,
                width,
                List.of("https://192.0.2.1:32379"),
                "ca",
                "csr",
                List.of(pods),
                List.of(nodes),
                tunnel,
                "10.96.0.0/16",
                Counts.NONE,
                List.of());
    }
}

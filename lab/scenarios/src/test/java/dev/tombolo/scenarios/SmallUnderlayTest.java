package dev.tombolo.scenarios;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An internet that carries less than its ends believe, and does not say so. */
@ExtendWith(InMeshLab.class)
class SmallUnderlayTest {
    private static final String MEGABYTE = "1000000";

    /** The agents measure the path; pods learn it from their own node, which no firewall between clusters can hinder. */
    @Test
    void carriesAMegabyteEachWayByTcpAndUdp(MeshLab lab) {
        // In this order: a node that is told once cuts its tunnel to size for minutes, and then all sizes arrive.
        lab.programs.fault("block-icmp");
        lab.programs.fault("mtu", "1280");
        for (int cluster : MeshLab.CLUSTERS) {
            for (String node : List.of("node1", "node2")) {
                MeshLab.await(node + " of cluster" + cluster + " to measure", () -> knows(lab, cluster, node));
            }
        }
        for (int cluster : MeshLab.CLUSTERS) {
            String other = lab.podAddress(3 - cluster, "shop", "echo");
            lab.load(cluster, other, "--requests", "2", "--bulk", MEGABYTE).expectSuccess();
            lab.load(cluster, other, "--requests", "2", "--bulk", MEGABYTE, "--udp")
                    .expectSuccess();
        }
    }

    /** 1280 less 60 for WireGuard, rounded down to a size that is tried. */
    private static boolean knows(MeshLab lab, int cluster, String node) {
        String routes = lab.onNode(cluster, node, "ip route show table 7100");
        return Pattern.compile("(?m)^10\\." + (3 - cluster) + "\\..* dev tombolo-wg0 .*mtu 12[0-2]\\d")
                .matcher(routes)
                .find();
    }
}

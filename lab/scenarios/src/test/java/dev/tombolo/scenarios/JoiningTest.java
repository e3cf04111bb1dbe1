package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster that leaves the mesh and joins it again, as clients of its services see it. */
@ExtendWith(InMeshLab.class)
class JoiningTest {
    /** Whatever arrives first, services, nodes or addresses: a backend is offered once its path is there. */
    @Test
    void losesNoRequestWhenAClusterLeavesAndJoins(MeshLab lab) {
        var leaving = lab.shop.startLoadUntilAsked(1, 100);
        lab.programs.tombolo("clustermesh", "disconnect", "--context", "cluster1", "--destination-context", "cluster2");
        Programs.Running joining;
        try {
            MeshLab.await(
                    "cluster1 alone to answer",
                    () -> lab.shop.ask(1, 40, Shop.URL).from("cluster1") == 40);
            joining = lab.shop.startLoadUntilAsked(1, 100);
        } finally {
            // Also when something was lost: the scenarios after this one need a mesh.
            lab.connect();
        }
        MeshLab.await(
                "both to answer",
                () -> lab.shop.ask(1, 40, Shop.URL).byCluster().size() == 2);
        expectNothingLost(leaving);
        expectNothingLost(joining);
    }

    private static void expectNothingLost(Programs.Running load) {
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster()).hasSize(2);
    }
}

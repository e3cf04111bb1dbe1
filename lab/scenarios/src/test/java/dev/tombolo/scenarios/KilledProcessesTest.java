package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Shop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every process of ours killed with SIGKILL under load of new and of established connections. */
@ExtendWith(InMeshLab.class)
class KilledProcessesTest {
    @ParameterizedTest
    @CsvSource({
        "tombolo-agent, agent",
        "clustermesh-apiserver, apiserver",
        "clustermesh-apiserver, etcd",
    })
    void losesNoRequest(String app, String container, MeshLab lab) {
        var opened = lab.shop.startLoad(1, 10, 100);
        var kept = lab.shop.startLoad(1, 10, 40, "--keepalive", "--concurrency", "16");
        MeshLab.CLUSTERS.forEach(cluster -> lab.signal("kill", cluster, app, container));
        for (LoadResult result : new LoadResult[] {Shop.result(opened), Shop.result(kept)}) {
            assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
            assertThat(result.byCluster()).hasSize(2);
        }
    }

    /** The cluster's own control plane: everything of ours reads it, and nothing of ours may need it. */
    @Test
    void losesNoRequestWhileKubernetesDoesNotAnswer(MeshLab lab) {
        var opened = lab.shop.startLoad(1, 9, 100);
        lab.programs.fault("stop", "--context", "cluster1", "--process", "etcd");
        LoadResult result;
        try {
            result = Shop.result(opened);
        } finally {
            lab.programs.fault("continue", "--context", "cluster1", "--process", "etcd");
        }
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster()).hasSize(2);
    }

    /** What is sent meanwhile is lost, but never seen in clear; connections that were open then go on. */
    @Test
    void keepsItsSecretsAndConnectionsWhenTheTunnelsProcessDies(MeshLab lab) {
        try (var clear = ClearTraffic.watch(lab)) {
            clear.expectThatItCounts();
            var kept = lab.shop.startLoad(1, 9, 40, "--keepalive", "--concurrency", "16", "--timeout-ms", "8000");
            var opened = lab.shop.startLoad(1, 9, 100, "--concurrency", "16");
            MeshLab.CLUSTERS.forEach(cluster -> lab.signal("kill", cluster, "tombolo-wireguard", "wireguard"));
            var result = Shop.result(kept);
            assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
            assertThat(result.byCluster()).hasSize(2);
            assertThat(LoadResult.parse(opened.join().output()).from("cluster2"))
                    .isPositive();
            lab.expectWhole();
            clear.expectNone();
        }
    }
}

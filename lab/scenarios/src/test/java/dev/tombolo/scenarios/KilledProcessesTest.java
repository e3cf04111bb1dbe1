package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
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
        var opened = lab.shop.startLoadUntilAsked(1, 100);
        var kept = lab.shop.startLoadUntilAsked(1, 40, "--keepalive", "--concurrency", "16");
        killAndAwaitBack(lab, app, container);
        expectNothingLost(opened);
        expectNothingLost(kept);
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
            var kept =
                    lab.shop.startLoadUntilAsked(1, 40, "--keepalive", "--concurrency", "16", "--timeout-ms", "8000");
            var opened = lab.shop.startLoadUntilAsked(1, 100, "--concurrency", "16");
            killAndAwaitBack(lab, "tombolo-wireguard", "wireguard");
            lab.expectWhole();
            expectNothingLost(kept);
            assertThat(LoadResult.parse(opened.endInput().join().output()).from("cluster2"))
                    .isPositive();
            clear.expectNone();
        }
    }

    private static void killAndAwaitBack(MeshLab lab, String app, String container) {
        var killed = MeshLab.CLUSTERS.stream()
                .map(cluster -> KilledContainers.kill(lab, cluster, app, container))
                .toList();
        killed.forEach(KilledContainers::awaitBack);
    }

    private static void expectNothingLost(Programs.Running load) {
        LoadResult result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster()).hasSize(2);
    }
}

package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.daemon.LabFile;
import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every process of ours killed with SIGKILL under load of new and of established connections. */
@ExtendWith(InMeshLab.class)
class KilledProcessesTest {
    /** Pods that answer in each cluster. */
    private static final int REPLICAS = 2;

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

    /** Every watch of ours ends with it; that the clients of the peer find a new pod shows that all are there again. */
    @Test
    void losesNoRequestWhenTheEtcdOfKubernetesIsKilled(MeshLab lab) {
        long killed = etcdPid(lab);
        var opened = lab.shop.startLoadUntilAsked(1, 100);
        var ofPeer = lab.shop.startLoadUntilAsked(2, 100);
        lab.programs.fault("kill", "--context", "cluster1", "--process", "etcd");
        MeshLab.await("etcd to have another process", () -> etcdPid(lab) != killed);
        MeshLab.await(
                "Kubernetes to answer",
                () -> lab.programs.attemptKubectl(1, "get", "nodes").code() == 0);
        try {
            lab.shop.scale(1, REPLICAS + 1);
            MeshLab.await(
                    "the peer's clients to find the new pod", () -> answering(lab, 2, "cluster1") == REPLICAS + 1);
            lab.expectWhole();
            expectNothingLost(opened);
            expectNothingLost(ofPeer);
        } finally {
            lab.shop.scale(1, REPLICAS);
        }
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

    private static long answering(MeshLab lab, int asking, String cluster) {
        return lab.shop.load(asking, 60).byPod().keySet().stream()
                .filter(pod -> pod.startsWith(cluster + "/"))
                .count();
    }

    private static long etcdPid(MeshLab lab) {
        try {
            return LabFile.read(lab.home).orElseThrow().etcdPids().get("cluster1");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package dev.tombolo.apiserver.certificates;

import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Makes the etcd's data directory, with users and authentication, before it is served to anyone: while it is being done,
 * etcd listens on loopback only, so no foreign certificate ever meets an etcd that lets it write.
 *
 * <p>Starts from nothing each time: all state is made again from Kubernetes. A new token gives the etcd a cluster id of
 * its own, by which readers notice that it is another than before.
 */
public final class EtcdPreparation {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final ClusterName self;
    private final Path data;
    private final int clientPort;
    private final int peerPort;

    public EtcdPreparation(ClusterName self, Path data, int clientPort, int peerPort) {
        this.self = self;
        this.data = data;
        this.clientPort = clientPort;
        this.peerPort = peerPort;
    }

    public void run() throws IOException, InterruptedException {
        wipe();
        Process etcd = start();
        try {
            makeUsers(etcd);
        } finally {
            etcd.destroy();
            if (!etcd.waitFor(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                etcd.destroyForcibly().waitFor();
            }
        }
    }

    private void wipe() throws IOException {
        if (!Files.exists(data)) {
            return;
        }
        try (var files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Process start() throws IOException {
        String peer = "http://127.0.0.1:" + peerPort;
        String client = "http://127.0.0.1:" + clientPort;
        return new ProcessBuilder(List.of(
                        "etcd",
                        "--name=clustermesh-apiserver",
                        "--data-dir=" + data,
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=clustermesh-apiserver=" + peer,
                        "--initial-cluster-token=" + UUID.randomUUID(),
                        "--log-level=warn"))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void makeUsers(Process etcd) throws IOException, InterruptedException {
        try (var store = EtcdStore.open(EtcdAddress.plain("http://127.0.0.1:" + clientPort))) {
            awaitAnswer(store, etcd);
            var users = new MeshUsers(new EtcdUsers(store), self);
            users.prepare();
            users.enforce();
        }
    }

    private static void awaitAnswer(EtcdStore store, Process etcd) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST_START.toNanos();
        while (true) {
            try {
                store.get("cilium/.heartbeat");
                return;
            } catch (KvException notYet) {
                if (System.nanoTime() > end || !etcd.isAlive()) {
                    throw notYet;
                }
                Thread.sleep(100);
            }
        }
    }
}

package dev.tombolo.lab.daemon;

import dev.tombolo.lab.machine.LabHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One cluster's real etcd, on a free loopback port, with its data in the lab's memory-backed directory. */
final class EtcdProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private final Process process;
    private final String endpoint;

    private EtcdProcess(Process process, String endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    static EtcdProcess start(LabHome home, String cluster) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(home.path(cluster, "etcd"));
        int port = freePort();
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(List.of(
                        "etcd",
                        "--name",
                        cluster,
                        "--data-dir",
                        directory.toString(),
                        "--listen-client-urls",
                        client,
                        "--advertise-client-urls",
                        client,
                        "--listen-peer-urls",
                        peer,
                        "--initial-advertise-peer-urls",
                        peer,
                        "--initial-cluster",
                        cluster + "=" + peer,
                        "--log-level",
                        "warn"))
                .redirectErrorStream(true)
                .redirectOutput(home.path(cluster, "etcd.log").toFile())
                .start();
        EtcdProcess etcd = new EtcdProcess(process, client);
        etcd.awaitPort(port);
        return etcd;
    }

    private void awaitPort(int port) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException _) {
                Thread.sleep(20);
            }
        }
        throw new IOException("etcd did not answer on port " + port + "; see etcd.log");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String endpoint() {
        return endpoint;
    }

    long pid() {
        return process.pid();
    }
}

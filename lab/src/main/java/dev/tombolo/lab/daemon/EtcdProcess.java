package dev.tombolo.lab.daemon;

import dev.tombolo.lab.machine.Backoff;
import dev.tombolo.lab.machine.LabHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One cluster's real etcd, on a loopback port, with its data in the lab's memory-backed directory; started again when it
 * ends, as a kubelet does with a static pod.
 */
final class EtcdProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int TELLINGS = 10;
    private final ProcessBuilder command;
    private final int port;
    private volatile Process process;

    private EtcdProcess(ProcessBuilder command, int port) throws IOException {
        this.command = command;
        this.port = port;
        this.process = command.start();
    }

    static EtcdProcess start(LabHome home, String cluster) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(home.path(cluster, "etcd"));
        int port = freePort();
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + freePort();
        ProcessBuilder command = new ProcessBuilder(List.of(
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
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.path(cluster, "etcd.log").toFile()));
        EtcdProcess etcd = new EtcdProcess(command, port);
        etcd.awaitPort();
        return etcd;
    }

    /** @param restarted called after each new start, when the pid is another */
    void keepRunning(String name, Runnable restarted) {
        Thread.ofVirtual().name("etcd-" + name).start(() -> {
            var backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
            try {
                while (true) {
                    Instant begin = Instant.now();
                    int code = process.waitFor();
                    System.err.println("etcd of " + name + " ended with " + code);
                    backoff.pause(Duration.between(begin, Instant.now()));
                    process = command.start();
                    tell(name, restarted);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException notThere) {
                System.err.println("etcd of " + name + " does not start any more: " + notThere.getMessage());
            }
        });
    }

    /** Not to be told costs whoever asks for the pid; not to be started again would cost the cluster. */
    private static void tell(String name, Runnable restarted) throws InterruptedException {
        var backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        for (int attempt = 1; attempt <= TELLINGS; attempt++) {
            try {
                restarted.run();
                return;
            } catch (UncheckedIOException notWritten) {
                System.err.printf(
                        "the pid of the new etcd of %s is not written, attempt %d of %d: %s%n",
                        name, attempt, TELLINGS, notWritten.getMessage());
                backoff.pause(Duration.ZERO);
            }
        }
    }

    private void awaitPort() throws IOException, InterruptedException {
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
        return "http://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }
}

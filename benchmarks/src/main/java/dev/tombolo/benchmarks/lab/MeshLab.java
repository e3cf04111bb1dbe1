package dev.tombolo.benchmarks.lab;

import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.lab.kubelet.ContainerRecord;
import dev.tombolo.lab.kubelet.ContainerRecords;
import dev.tombolo.lab.machine.LabHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A lab of two clusters with two nodes each, driven by the commands that a user types; taken down when it is closed. */
final class MeshLab implements AutoCloseable {
    static final String NAMESPACE = "tombolo-system";
    private static final String NAME = "bench";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Path repository;
    private final LabHome home = LabHome.of(NAME);
    private final AtomicBoolean up = new AtomicBoolean();

    MeshLab(Path repository) {
        this.repository = repository;
        Runtime.getRuntime().addShutdownHook(new Thread(this::down));
    }

    void up(int clusters, int nodes) {
        up.set(true);
        launcher(
                "lab",
                "up",
                "--name",
                NAME,
                "--clusters",
                Integer.toString(clusters),
                "--nodes",
                Integer.toString(nodes));
    }

    /** A script in one of the lab's networks, such as {@code internet} or {@code cluster1-node1}. */
    String in(String network, String script) {
        return Shell.run("ip", "netns", "exec", home.namespace(network), "bash", "-ec", script);
    }

    /** A file that goes with the lab, and that only its owner can read. */
    Path write(String name, String text) {
        try {
            return Files.writeString(home.path(name), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void down() {
        if (up.compareAndSet(true, false)) {
            launcher("lab", "down", "--name", NAME);
        }
    }

    String tombolo(int cluster, String... words) {
        var command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--context", "cluster" + cluster));
        return launcher(command.toArray(String[]::new));
    }

    private String launcher(String... words) {
        var command = new ArrayList<>(List.of(
                "env",
                "KUBECONFIG=" + home.kubeconfig(),
                repository.resolve("tombolo").toString()));
        command.addAll(List.of(words));
        return Shell.run("", command);
    }

    String kubectl(int cluster, String... words) {
        var command = new ArrayList<>(List.of(
                repository.resolve(".tools/bin/kubectl").toString(),
                "--kubeconfig",
                home.kubeconfig().toString(),
                "--context",
                "cluster" + cluster));
        command.addAll(List.of(words));
        return Shell.run("", command);
    }

    /** The running containers of that name, in the order of their pods. */
    List<ContainerRecord> containers(int cluster, String namespace, String container) {
        try {
            return new ContainerRecords(home, "cluster" + cluster)
                    .list().stream()
                            .filter(record -> record.namespace().equals(namespace)
                                    && record.container().equals(container))
                            .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A command inside a container. */
    static List<String> in(ContainerRecord container, String... words) {
        var command = new ArrayList<>(container.enter());
        command.addAll(List.of(words));
        return command;
    }

    /** A shell script in the file system and network of the node that a host-network container runs on. */
    static String onNode(ContainerRecord agent, String script) {
        String pid = Long.toString(agent.pid());
        return Shell.run("", List.of("nsenter", "--target", pid, "--mount", "--net", "sh", "-c", script));
    }

    /** Waits for something to be there; fails with what it was. */
    static <T> T await(String what, java.util.function.Supplier<java.util.Optional<T>> question) {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (System.nanoTime() < end) {
            var answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        throw new IllegalStateException("waited " + LONGEST_WAIT.toSeconds() + " s for " + what + " in vain");
    }

    @Override
    public void close() {
        down();
    }
}

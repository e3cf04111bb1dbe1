package dev.tombolo.lab.daemon;

import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.network.Router;
import dev.tombolo.lab.network.Topology;
import dev.tombolo.lab.network.Underlay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The process that runs a lab's clusters until it is killed. It says what it has done on its output, `up` reads it. */
public final class LabDaemon {
    private final Topology topology;
    private final Path distribution;

    public LabDaemon(Topology topology, Path distribution) {
        this.topology = topology;
        this.distribution = distribution.toAbsolutePath();
    }

    public void run() throws Exception {
        LabHome home = topology.home();
        // First of all into the lab's own cgroup: whatever happens then, `down` finds this process and its children.
        Files.createDirectories(home.cgroup().resolve("daemon"));
        Files.writeString(
                home.cgroup().resolve("daemon/cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
        step(
                "network of %d clusters with %d nodes each"
                        .formatted(
                                topology.clusters().size(),
                                topology.clusters().getFirst().nodes().size()),
                () -> {
                    Underlay.build(topology);
                    return null;
                });
        startOutside();
        RouterProcess.start(new Router(topology));
        Instant begin = Instant.now();
        List<LabCluster> clusters = startClusters();
        say(
                "clusters "
                        + String.join(
                                ", ",
                                clusters.stream().map(c -> c.topology().name()).toList())
                        + ": API server, nodes, services, DNS",
                begin);
        Kubeconfig.write(home.kubeconfig(), kubeconfig(clusters));
        write(clusters);
        clusters.forEach(cluster -> cluster.keepEtcd(() -> write(clusters)));
        System.out.println("up");
        System.out.flush();
        Thread.currentThread().join();
    }

    private List<LabCluster> startClusters() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LabCluster>> starting = topology.clusters().stream()
                    .map(c -> threads.submit(() -> LabCluster.start(c, distribution)))
                    .toList();
            List<LabCluster> started = new ArrayList<>();
            for (Future<LabCluster> cluster : starting) {
                started.add(cluster.get());
            }
            return started;
        }
    }

    private static List<Kubeconfig.Entry> kubeconfig(List<LabCluster> clusters) throws IOException {
        List<Kubeconfig.Entry> entries = new ArrayList<>();
        for (LabCluster cluster : clusters) {
            entries.add(cluster.kubeconfig());
        }
        return entries;
    }

    /** The echo server of the world outside, which reports the source address it saw. */
    private void startOutside() throws IOException {
        Path program = Path.of(System.getProperty("tombolo.lab.programs", "lab/target/programs"), "lab-echo")
                .toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        topology.home().namespace("outside"),
                        program.toString(),
                        "--port",
                        "8080")
                .redirectErrorStream(true)
                .redirectOutput(topology.home().path("outside.log").toFile());
        builder.environment().putAll(Map.of("POD_NAME", "outside", "NODE_NAME", "outside", "CLUSTER_NAME", "outside"));
        builder.start();
    }

    private synchronized void write(List<LabCluster> clusters) {
        try {
            file(clusters).write(topology.home());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private LabFile file(List<LabCluster> clusters) {
        Map<String, Long> etcds = new TreeMap<>();
        Map<String, Long> nodes = new TreeMap<>();
        Map<String, String> servers = new TreeMap<>();
        for (LabCluster cluster : clusters) {
            etcds.put(cluster.topology().name(), cluster.etcdPid());
            nodes.putAll(cluster.nodePids());
            servers.put(cluster.topology().name(), cluster.server());
        }
        return new LabFile(
                ProcessHandle.current().pid(),
                clusters.size(),
                topology.clusters().getFirst().nodes().size(),
                topology.families(),
                etcds,
                nodes,
                servers);
    }

    private static void step(String what, Callable<Void> work) throws Exception {
        Instant begin = Instant.now();
        work.call();
        say(what, begin);
    }

    private static void say(String what, Instant begin) {
        System.out.printf(
                "✔ %s (%.1f s)%n", what, Duration.between(begin, Instant.now()).toMillis() / 1000.0);
        System.out.flush();
    }

    /** Mounts a file system of its own for the lab's state: etcd syncs it for free, and overlays need one apart from `/`. */
    public static void prepare(LabHome home) throws IOException {
        home.create();
        Commands.run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "mode=700",
                "tmpfs",
                home.directory().toString());
    }
}

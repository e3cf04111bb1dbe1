package dev.tombolo.benchmarks.propagation;

import dev.tombolo.benchmarks.shell.Shell;
import java.nio.file.Path;
import java.util.List;

/**
 * How long it takes from a change of an endpoint in one cluster to the entry in the other's kernel. In one process per
 * size: west's publisher, east's mirror and a node's agent, the product's own classes; beside it two real etcds.
 */
public final class PropagationBenchmark {
    private static final String HOPS = """

            Endpoint change in west -> map entry in east: a pod is replaced by one with another address.
            From: the row changes in the tables that west's informers fill. Then: publication plans, etcd of west, mirror of
            east (validation, quotas), etcd of east, the agent's follower, beliefs, paths, services. To: the bpf(2) call that
            wrote the entry has returned (a hook; resolution below 0.1 ms). A backend waits for its ipcache entry.
            In: two real etcds (mutual TLS, data on disk), kernel maps in a cgroup and bpffs of their own. Not in:
            Kubernetes' watch, WireGuard peers, routes and nftables, which no endpoint change touches.
            """;

    /** Services, pods of each, seconds, and megabytes of heap for all three processes' parts together. */
    private record Run(int services, int pods, int seconds, int heap) {}

    private static final List<Run> RUNS = List.of(new Run(1_000, 10, 25, 1_024), new Run(10_000, 10, 15, 3_072));

    public void run() {
        System.out.print(HOPS);
        RUNS.forEach(PropagationBenchmark::run);
    }

    private static void run(Run run) {
        System.out.print(Shell.run(
                "",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        // As the processes have it each by itself, and not a young generation of a third of all of it.
                        "-Xmn96m",
                        "-Xmx" + run.heap + "m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Propagation.class.getName(),
                        Integer.toString(run.services),
                        Integer.toString(run.pods),
                        Integer.toString(run.seconds))));
    }
}

package dev.tombolo.benchmarks.lab;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.shell.Shell;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** From nothing to a service that is answered by the other cluster, with the time of each step. */
final class Bootstrap {
    private static final double WHOLE_BUDGET_SECONDS = 60;
    private static final double ANSWER_BUDGET_SECONDS = 5;
    private static final String URL = "http://echo.shop.svc.cluster.local/";

    private final MeshLab lab;
    private final Path manifest;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private double whole;

    Bootstrap(MeshLab lab, Path repository) {
        this.lab = lab;
        this.manifest = repository.resolve("benchmarks/src/main/kubernetes/shop.yaml");
    }

    void run() {
        long begin = System.nanoTime();
        step("lab up", () -> lab.up(2, 2));
        step("install, enable and apply, both clusters at once", this::prepare);
        step(
                "clustermesh connect",
                () -> lab.tombolo(1, "clustermesh", "connect", "--destination-context", "cluster2"));
        step("connect returned -> first answer of the other cluster", this::answered);
        whole = (System.nanoTime() - begin) / 1e9;
    }

    private void prepare() {
        try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = List.of(1, 2).stream()
                    .map(cluster -> CompletableFuture.runAsync(() -> prepare(cluster), both))
                    .toList();
            futures.forEach(CompletableFuture::join);
        }
    }

    private void prepare(int cluster) {
        lab.tombolo(cluster, "install", "--set", "cluster.name=cluster" + cluster, "--set", "cluster.id=" + cluster);
        lab.tombolo(cluster, "clustermesh", "enable");
        lab.kubectl(cluster, "apply", "-f", manifest.toString());
        lab.kubectl(cluster, "-n", "shop", "wait", "--for=condition=Available", "deployment/echo", "--timeout=60s");
        lab.kubectl(cluster, "-n", "shop", "wait", "--for=condition=Available", "deployment/client", "--timeout=60s");
    }

    private void answered() {
        var client = lab.containers(1, "shop", "client").getFirst();
        var load = MeshLab.in(client, "lab-load", "--url", URL, "--timeout-ms", "1000", "--requests", "8");
        MeshLab.await(
                "an answer from cluster2",
                () -> Optional.of(Shell.attempt(load)).filter(answer -> answer.contains("\"cluster2/")));
    }

    private void step(String what, Runnable work) {
        long begin = System.nanoTime();
        work.run();
        seconds.put(what, (System.nanoTime() - begin) / 1e9);
    }

    void report() {
        System.out.printf("%nFrom nothing to an answer of the other cluster (everything built, one run)%n");
        seconds.forEach((what, took) -> System.out.printf("%-58s %6.1f s%n", what, took));
        double answer = seconds.values().stream().reduce(0.0, (_, last) -> last);
        System.out.printf(
                "%-58s %6.1f s   budget %.0f: %s%n",
                "all of it", whole, WHOLE_BUDGET_SECONDS, Figures.verdict(whole, WHOLE_BUDGET_SECONDS));
        System.out.printf(
                "%-58s %6.1f s   budget %.0f: %s%n",
                "connect returned -> first answer",
                answer,
                ANSWER_BUDGET_SECONDS,
                Figures.verdict(answer, ANSWER_BUDGET_SECONDS));
    }
}

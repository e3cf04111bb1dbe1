package dev.tombolo.lab.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** Two clusters, one service: what the README promises, step by step, with stock kubectl and the product's own CLI. */
final class MeshDemo {
    private static final String URL = "http://echo.shop.svc.cluster.local/";
    /** Prints what Tombolo may have left on a node: pins, device, table, routes, rules, files. */
    private static final String TRACES = """
            ls -d /sys/fs/bpf/tombolo /run/tombolo/* /var/lib/tombolo/* 2>/dev/null
            ip -o link show type tun | grep tombolo
            nft list tables | grep tombolo
            ip route show table all | grep -E 'tombolo|^unreachable 10[.]'
            true
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Integer> CLUSTERS = List.of(1, 2);

    private final Story story;
    private final Programs programs;

    MeshDemo(Story story, Programs programs) {
        this.story = story;
        this.programs = programs;
    }

    void play() {
        story.chapter("Two clusters on this machine");
        story.step("lab up", () -> last(programs.lab("up", "--clusters", "2", "--nodes", "2")));
        join();
        share();
        break_();
        leave();
    }

    private void join() {
        story.chapter("Joined");
        for (int cluster : CLUSTERS) {
            story.step("install on cluster" + cluster, () -> {
                programs.tombolo(
                        "install",
                        "--context",
                        "cluster" + cluster,
                        "--set",
                        "cluster.name=cluster" + cluster,
                        "--set",
                        "cluster.id=" + cluster);
                return "";
            });
            story.step("clustermesh enable on cluster" + cluster, () -> {
                programs.tombolo("clustermesh", "enable", "--context", "cluster" + cluster);
                return "";
            });
        }
        story.step("clustermesh connect", () -> {
            programs.tombolo("clustermesh", "connect", "--context", "cluster1", "--destination-context", "cluster2");
            return "";
        });
        story.step(
                "clustermesh status --wait",
                () -> last(programs.tombolo(
                        "clustermesh", "status", "--wait", "--wait-duration", "1m", "--context", "cluster1")));
    }

    private void share() {
        story.chapter("One service");
        Path manifest = manifest();
        for (int cluster : CLUSTERS) {
            story.step("kubectl apply on cluster" + cluster, () -> {
                programs.kubectl(cluster, "apply", "-f", manifest.toString());
                programs.kubectl(
                        cluster,
                        "-n",
                        "shop",
                        "wait",
                        "--for=condition=Available",
                        "deployment/echo",
                        "deployment/client",
                        "--timeout=60s");
                return "";
            });
        }
        story.step("first answer from the other cluster", () -> {
            Story.await("an answer from cluster2", PATIENCE, () -> load(20).from("cluster2") > 0);
            return "";
        });
        story.step("1,000 requests by its plain DNS name", () -> {
            var result = load(1_000);
            result.mustHaveLostNothing();
            if (result.from("cluster1") < 300 || result.from("cluster2") < 300) {
                throw new DemoFailure("expected both clusters to answer about half, read " + result.byCluster());
            }
            return result.byCluster().toString();
        });
    }

    private void break_() {
        story.chapter("Broken, and nothing lost");
        story.step("local backends gone: the other cluster answers", () -> {
            programs.kubectl(1, "-n", "shop", "scale", "deployment/echo", "--replicas=0");
            programs.kubectl(1, "-n", "shop", "wait", "--for=delete", "pod", "-l", "app=echo", "--timeout=60s");
            var result = load(500);
            result.mustHaveLostNothing();
            if (result.from("cluster2") != result.ok()) {
                throw new DemoFailure("expected only cluster2 to answer, read " + result.byCluster());
            }
            programs.kubectl(1, "-n", "shop", "scale", "deployment/echo", "--replicas=2");
            programs.kubectl(1, "-n", "shop", "rollout", "status", "deployment/echo", "--timeout=60s");
            return result.byCluster().toString();
        });
        story.step("agents killed and restarted under load", () -> underLoad("daemonset/tombolo-agent", "agent"));
        story.step(
                "mesh server killed and restarted under load",
                () -> underLoad("deployment/clustermesh-apiserver", "apiserver"));
        story.step(
                "mesh etcd killed and restarted under load",
                () -> underLoad("deployment/clustermesh-apiserver", "etcd"));
    }

    /** Kills a container of every pod of a workload with SIGKILL while requests run; none may be lost. */
    private String underLoad(String workload, String container) {
        var load = programs.start("exec", exec("--duration", "12", "--rate", "200"));
        for (String pod : pods(workload)) {
            programs.fault("kill", "--context", "cluster1", "-n", "tombolo-system", pod + "/" + container);
        }
        var result = LoadResult.parse(load.join());
        result.mustHaveLostNothing();
        programs.kubectl(1, "-n", "tombolo-system", "rollout", "status", workload, "--timeout=60s");
        return result.ok() + " of " + result.sent() + " requests answered";
    }

    private void leave() {
        story.chapter("Left as it was found");
        for (int cluster : CLUSTERS) {
            story.step("uninstall from cluster" + cluster, () -> {
                programs.tombolo("uninstall", "--yes", "--context", "cluster" + cluster);
                return "";
            });
        }
        story.step("no trace on any node", () -> {
            for (int cluster : CLUSTERS) {
                for (String node : List.of("node1", "node2")) {
                    mustBeClean(cluster, node);
                }
            }
            return "";
        });
        story.step("lab down", () -> last(programs.lab("down")));
    }

    private void mustBeClean(int cluster, String node) {
        String left = programs.lab("node-exec", "--context", "cluster" + cluster, node, "--", "sh", "-c", TRACES)
                .strip();
        if (!left.isEmpty()) {
            throw new DemoFailure("expected nothing left on " + node + " of cluster" + cluster + ", found:\n" + left);
        }
    }

    private LoadResult load(int requests) {
        return LoadResult.parse(
                programs.lab("exec", exec("--requests", Integer.toString(requests), "--concurrency", "4")));
    }

    private String[] exec(String... load) {
        var words = new java.util.ArrayList<>(List.of(
                "--context",
                "cluster1",
                "-n",
                "shop",
                pods("deployment/client").getFirst(),
                "--",
                "lab-load",
                "--url",
                URL,
                "--timeout-ms",
                "2000"));
        words.addAll(List.of(load));
        return words.toArray(String[]::new);
    }

    private List<String> pods(String workload) {
        String app = workload.substring(workload.indexOf('/') + 1);
        String namespace = app.equals("client") ? "shop" : "tombolo-system";
        String names = programs.kubectl(
                1, "-n", namespace, "get", "pods", "-l", "app=" + app, "-o", "jsonpath={.items[*].metadata.name}");
        return List.of(names.strip().split("\\s+"));
    }

    private static Path manifest() {
        try (InputStream in = MeshDemo.class.getResourceAsStream("shop.yaml")) {
            Path file = Files.createTempFile("tombolo-demo", ".yaml");
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String last(String output) {
        return output.strip().lines().reduce("", (_, line) -> line.strip());
    }
}

package dev.tombolo.lab.demo;

import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import java.time.Duration;
import java.util.List;

/** Two clusters, one service: what the README promises, step by step, with stock kubectl and the product's own CLI. */
final class MeshDemo {
    /** Prints what Tombolo may have left on a node: pins, devices, table, routes, rules, files. */
    private static final String TRACES = """
            ls -d /sys/fs/bpf/tombolo /run/tombolo/* /var/lib/tombolo/* 2>/dev/null
            ip -o link | grep tombolo
            nft list tables | grep tombolo
            ip route show table all | grep -E 'tombolo|^unreachable 10[.]'
            ip rule | grep -vE 'lookup (local|main|default)'
            ip -o address | grep tombolo
            grep -ls tombolo /etc/cni/net.d/*
            ls /opt/cni/bin/tombolo* 2>/dev/null
            true
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Integer> CLUSTERS = List.of(1, 2);

    private final Story story;
    private final Programs programs;
    private final Shop shop;

    MeshDemo(Story story, Programs programs) {
        this.story = story;
        this.programs = programs;
        this.shop = new Shop(programs);
    }

    void play() {
        story.chapter("Two clusters on this machine");
        story.step("lab up", () -> last(programs.lab("up", "--clusters", "2", "--nodes", "2")));
        join();
        share();
        break_();
        new EgressChapter(story, programs, shop).play();
        new RoutersChapter(story, programs, shop).play();
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
        for (int cluster : CLUSTERS) {
            story.step("kubectl apply on cluster" + cluster, () -> {
                shop.apply(cluster);
                return "";
            });
        }
        story.step("first answer from the other cluster", () -> {
            Story.await(
                    "an answer from cluster2", PATIENCE, () -> shop.load(1, 20).from("cluster2") > 0);
            return "";
        });
        story.step("1,000 requests by its plain DNS name", () -> {
            var result = shop.load(1, 1_000);
            result.mustHaveLostNothing();
            if (result.from("cluster1") < 300 || result.from("cluster2") < 300) {
                throw new CheckFailure("expected both clusters to answer about half, read " + result.byCluster());
            }
            return result.byCluster().toString();
        });
    }

    private void break_() {
        story.chapter("Broken, and nothing lost");
        story.step("local backends gone: the other cluster answers", () -> {
            shop.scale(1, 0);
            var result = shop.load(1, 500);
            result.mustHaveLostNothing();
            if (result.from("cluster2") != result.ok()) {
                throw new CheckFailure("expected only cluster2 to answer, read " + result.byCluster());
            }
            shop.scale(1, 2);
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
        var load = shop.startLoad(1, 12, 200);
        for (String pod : shop.pods(1, "tombolo-system", workload.substring(workload.indexOf('/') + 1))) {
            programs.fault("kill", "--context", "cluster1", "-n", "tombolo-system", pod + "/" + container);
        }
        var result = Shop.result(load);
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
        String left = programs.onNode(cluster, node, "sh", "-c", TRACES).strip();
        if (!left.isEmpty()) {
            throw new CheckFailure("expected nothing left on " + node + " of cluster" + cluster + ", found:\n" + left);
        }
    }

    private static String last(String output) {
        return output.strip().lines().reduce("", (_, line) -> line.strip());
    }
}

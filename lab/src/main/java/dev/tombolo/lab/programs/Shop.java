package dev.tombolo.lab.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An application that is the same in every cluster: a global service {@code echo} and a client of it, namespace shop. */
public final class Shop {
    public static final String URL = "http://echo.shop.svc.cluster.local/";

    private final Programs programs;

    public Shop(Programs programs) {
        this.programs = programs;
    }

    public void apply(int cluster) {
        programs.apply(cluster, manifest());
        programs.kubectl(
                cluster,
                "-n",
                "shop",
                "wait",
                "--for=condition=Available",
                "deployment/echo",
                "deployment/client",
                "--timeout=60s");
    }

    /** Sets how many pods answer, and waits until it is so. */
    public void scale(int cluster, int replicas) {
        programs.kubectl(cluster, "-n", "shop", "scale", "deployment/echo", "--replicas=" + replicas);
        if (replicas == 0) {
            programs.kubectl(cluster, "-n", "shop", "wait", "--for=delete", "pod", "-l", "app=echo", "--timeout=60s");
        } else {
            programs.kubectl(cluster, "-n", "shop", "rollout", "status", "deployment/echo", "--timeout=60s");
        }
    }

    /** Sends requests from the client of a cluster and waits for the result. */
    public LoadResult load(int cluster, int requests) {
        return result(start(cluster, "--requests", Integer.toString(requests), "--concurrency", "4"));
    }

    /** Sends requests from the client of a cluster to another server than the shop's; any of them may be lost. */
    public LoadResult ask(int cluster, int requests, String url) {
        return LoadResult.parse(
                start(cluster, "--requests", Integer.toString(requests), "--timeout-ms", "2000", "--url", url)
                        .join()
                        .output());
    }

    /** The node that the client of a cluster runs on. */
    public String clientsNode(int cluster) {
        return programs.kubectl(cluster, "-n", "shop", "get", "pod", client(cluster), "-o", "jsonpath={.spec.nodeName}")
                .strip();
    }

    /**
     * Requests at a steady rate that go on beside what follows.
     *
     * @param options more of the load generator's; another --url goes before the shop's
     */
    public Programs.Running startLoad(int cluster, int seconds, int perSecond, String... options) {
        var load = new ArrayList<>(
                List.of("--duration", Integer.toString(seconds), "--rate", Integer.toString(perSecond)));
        load.addAll(List.of(options));
        return start(cluster, load.toArray(String[]::new));
    }

    /**
     * Requests at a steady rate until the result is asked for, for ten minutes at the most.
     *
     * @param options more of the load generator's
     */
    public Programs.Running startLoadUntilAsked(int cluster, int perSecond, String... options) {
        var more = new ArrayList<>(List.of("--until-eof"));
        more.addAll(List.of(options));
        return startLoad(cluster, 600, perSecond, more.toArray(String[]::new));
    }

    public static LoadResult result(Programs.Running load) {
        return LoadResult.parse(load.endInput().join().expectSuccess());
    }

    private Programs.Running start(int cluster, String... load) {
        var words = new ArrayList<>(List.of("lab-load", "--url", URL, "--timeout-ms", "2000"));
        words.addAll(List.of(load));
        return programs.startInPod(cluster, "shop", "deploy/client", words.toArray(String[]::new));
    }

    private String client(int cluster) {
        return pods(cluster, "shop", "client").getFirst();
    }

    /** Names of the pods with a label {@code app}. */
    public List<String> pods(int cluster, String namespace, String app) {
        String names = programs.kubectl(
                cluster,
                "-n",
                namespace,
                "get",
                "pods",
                "-l",
                "app=" + app,
                "-o",
                "jsonpath={.items[*].metadata.name}");
        return List.of(names.strip().split("\\s+"));
    }

    private static String manifest() {
        try (InputStream in = Shop.class.getResourceAsStream("shop.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package dev.tombolo.scenarios;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.cli.Main;
import dev.tombolo.cli.output.Console;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.Outcome;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * A lab of two clusters with two nodes each that are one mesh, with the shop in both. A scenario that breaks something
 * mends it again: {@link #expectWhole} is asked after each.
 */
final class MeshLab implements AutoCloseable {
    static final List<Integer> CLUSTERS = List.of(1, 2);
    static final String SYSTEM = "tombolo-system";
    static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();

    final LabHome home;
    final Programs programs;
    final Shop shop;

    private MeshLab(LabHome home, Programs programs) {
        this.home = home;
        this.programs = programs;
        this.shop = new Shop(programs);
    }

    /** A lab with clusters that know nothing of the mesh yet. */
    static MeshLab bare(String name, int clusters) {
        return bare(name, clusters, 2);
    }

    static MeshLab bare(String name, int clusters, int nodes) {
        return up(name, "--clusters", Integer.toString(clusters), "--nodes", Integer.toString(nodes));
    }

    /** Clusters whose nodes and pods have IPv6 addresses too. */
    static MeshLab dualStack(String name, int clusters) {
        return up(name, "--clusters", Integer.toString(clusters), "--ipv6");
    }

    private static MeshLab up(String name, String... options) {
        var home = LabHome.of(name);
        String launcher =
                Path.of(System.getProperty("tombolo.launcher")).normalize().toString();
        var lab = new MeshLab(home, new Programs(launcher, name, home.path("kubeconfig")));
        lab.programs.lab("up", options);
        return lab;
    }

    /** The lab that most scenarios share. */
    static MeshLab joined() {
        var lab = bare("s" + ProcessHandle.current().pid(), 2);
        try {
            inEach(CLUSTERS, lab::install);
            lab.connect();
            inEach(CLUSTERS, lab.shop::apply);
            lab.expectWhole();
            return lab;
        } catch (RuntimeException | AssertionError failure) {
            lab.close();
            throw failure;
        }
    }

    void install(int cluster) {
        String context = "cluster" + cluster;
        programs.tombolo(
                "install", "--context", context, "--set", "cluster.name=" + context, "--set", "cluster.id=" + cluster);
        programs.tombolo("clustermesh", "enable", "--context", context);
    }

    void connect() {
        programs.tombolo("clustermesh", "connect", "--context", "cluster1", "--destination-context", "cluster2");
    }

    /** Waits until {@code tombolo status} finds nothing wrong in either cluster and each is answered by both. */
    void expectWhole() {
        inEach(CLUSTERS, this::expectWhole);
    }

    private void expectWhole(int cluster) {
        await(
                "status of cluster" + cluster + " to be well",
                () -> look("status", "--context", "cluster" + cluster),
                status -> status.code() == 0);
        await("answers from both clusters in cluster" + cluster, () -> {
            var answers = shop.ask(cluster, 40, Shop.URL);
            return answers.ok() == answers.sent() && answers.byCluster().size() == CLUSTERS.size();
        });
    }

    /**
     * The same in several clusters at once. By threads of its own: in parallel streams a client that is waited for would
     * want the threads that wait.
     */
    static void inEach(List<Integer> clusters, IntConsumer work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            clusters.stream()
                    .map(cluster -> CompletableFuture.runAsync(() -> work.accept(cluster), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    void heal() {
        programs.heal();
    }

    /** A command inside a node's network and mount namespaces. */
    String onNode(int cluster, String node, String script) {
        return programs.onNode(cluster, node, "sh", "-ec", script);
    }

    /** A command in one of the lab's networks that is no node's: internet, outside, cluster1-cp. */
    String in(String network, String script) {
        try {
            return Commands.run("ip", "netns", "exec", home.namespace(network), "bash", "-ec", script);
        } catch (IOException failure) {
            throw new CheckFailure("in " + network + ": " + failure.getMessage());
        }
    }

    /** Kills (kill), stops (stop) or lets go on (continue) a container of every pod that has the label {@code app}. */
    void signal(String what, int cluster, String app, String container) {
        for (String pod : shop.pods(cluster, SYSTEM, app)) {
            programs.fault(what, "--context", "cluster" + cluster, "-n", SYSTEM, pod + "/" + container);
        }
    }

    /** Requests from the shop's client straight to a pod's address. */
    Outcome load(int cluster, String address, String... options) {
        var words =
                new ArrayList<>(List.of("lab-load", "--url", "http://" + address + ":8080/", "--timeout-ms", "2000"));
        words.addAll(List.of(options));
        return programs.startInPod(cluster, "shop", "deploy/client", words.toArray(String[]::new))
                .join();
    }

    /** The address of a pod that has the label {@code app}. */
    String podAddress(int cluster, String namespace, String app) {
        return get(
                        cluster,
                        "-n",
                        namespace,
                        "pod",
                        shop.pods(cluster, namespace, app).getFirst())
                .at("/status/podIP")
                .asText();
    }

    /**
     * A command of the product that only looks, without the start of a program: the scenarios look hundreds of times. What
     * changes something runs as it is installed.
     */
    Outcome look(String... words) {
        var said = new StringWriter();
        var writer = new PrintWriter(said);
        var command = new ArrayList<>(List.of("--kubeconfig", home.kubeconfig().toString()));
        command.addAll(List.of(words));
        int code = Main.commandLine(new Console(writer, writer, false)).execute(command.toArray(String[]::new));
        return new Outcome(command, code, said.toString());
    }

    /** What {@code tombolo status} says is wrong in a cluster, each problem with its fix; empty when all is well. */
    String problems(int cluster) {
        return json(look("status", "--context", "cluster" + cluster, "-o", "json")
                        .output())
                .path("problems")
                .toString();
    }

    /** An object as the API server has it. An answer that does not come is told as such, and not as a condition that fails. */
    JsonNode get(int cluster, String... words) {
        var command = new ArrayList<>(List.of("get", "-o", "json", "--request-timeout=30s"));
        command.addAll(List.of(words));
        return json(programs.kubectl(cluster, command.toArray(String[]::new)));
    }

    /** A key of a Secret of the product's namespace. */
    String secret(int cluster, String name, String key) {
        String base64 = get(cluster, "-n", SYSTEM, "secret", name)
                .path("data")
                .path(key)
                .asText();
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** Changes an object by a JSON merge patch. */
    void patch(int cluster, String kind, String name, String json, String... more) {
        var command = new ArrayList<>(List.of("patch", kind, name, "--type", "merge", "-p", json));
        command.addAll(List.of(more));
        programs.kubectl(cluster, command.toArray(String[]::new));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.substring(text.indexOf('{')));
        } catch (JsonProcessingException | StringIndexOutOfBoundsException malformed) {
            throw new CheckFailure("expected JSON, read " + text);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(condition::getAsBoolean);
    }

    /** The same of a value; a failure tells the last one. */
    static <T> T await(String what, Supplier<T> value, Predicate<T> wanted) {
        return await(what, PATIENCE, value, wanted);
    }

    static <T> T await(String what, Duration patience, Supplier<T> value, Predicate<T> wanted) {
        return Awaitility.await(what)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .until(value::get, wanted);
    }

    @Override
    public void close() {
        programs.lab("down");
    }
}

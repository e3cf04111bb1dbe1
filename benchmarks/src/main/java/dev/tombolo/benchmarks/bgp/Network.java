package dev.tombolo.benchmarks.bgp;

import dev.tombolo.benchmarks.shell.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node and the routers beside it: 192.0.2.1, and 192.0.2.101 and on, in namespaces of their own at one link. */
final class Network implements AutoCloseable {
    static final String NODE = "192.0.2.1";
    static final int OUR_SYSTEM = 64500;
    private static final int FIRST_ROUTER = 101;

    private final String name = "tblb" + ProcessHandle.current().pid() + "b";
    private final Path directory;

    Network(int routers) throws IOException {
        directory = Files.createTempDirectory("tombolo-bgp");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        Shell.run("ip", "netns", "add", name + "n");
        Shell.run("ip", "netns", "add", name + "r");
        var node = new ArrayList<>(List.of(
                "link set lo up",
                "link add up0 type veth peer name down0 netns " + name + "r",
                "address add " + NODE + "/24 dev up0",
                "link set up0 up"));
        Shell.run(String.join("\n", node), List.of("ip", "-n", name + "n", "-batch", "-"));
        var far = new ArrayList<>(List.of("link set lo up", "link set down0 up"));
        for (int i = 0; i < routers; i++) {
            far.add("address add " + router(i) + "/24 dev down0");
        }
        Shell.run(String.join("\n", far), List.of("ip", "-n", name + "r", "-batch", "-"));
    }

    static String router(int number) {
        return "192.0.2." + (FIRST_ROUTER + number);
    }

    static int systemOf(int router) {
        return OUR_SYSTEM + 1 + router;
    }

    Path directory() {
        return directory;
    }

    Process onNode(Map<String, String> environment, String log, List<String> command) throws IOException {
        return start(name + "n", environment, log, command);
    }

    Process atRouters(String log, List<String> command) throws IOException {
        return start(name + "r", Map.of(), log, command);
    }

    private Process start(String namespace, Map<String, String> environment, String log, List<String> command)
            throws IOException {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(command);
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve(log).toFile()))
                .start();
    }

    @Override
    public void close() {
        Shell.attempt(List.of("ip", "netns", "del", name + "n"));
        Shell.attempt(List.of("ip", "netns", "del", name + "r"));
        Shell.attempt(List.of("rm", "-r", directory.toString()));
    }
}

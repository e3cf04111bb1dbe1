package dev.tombolo.benchmarks.egress;

import dev.tombolo.agent.egress.EgressScale;
import dev.tombolo.benchmarks.shell.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Fresh processes, as that of a restarted agent, each in a network namespace of its own. */
final class ScaleProcesses {
    private static final String NAMESPACE = "tblb" + ProcessHandle.current().pid() + "e";
    private static final Path STATE = Path.of("/tmp", NAMESPACE);
    private static final String NETWORK = """
            link set lo up
            link add up0 type veth peer name far0
            link set up0 up
            link set far0 up
            address add 203.0.113.1/24 dev up0
            address add 203.0.113.7/24 dev up0
            route add default via 203.0.113.254
            """;
    private static final Pattern FIGURE = Pattern.compile("([a-z_]+)=([\\d.]+)");

    ScaleProcesses() {
        // A process that is told to end must not leave anything behind.
        Runtime.getRuntime().addShutdownHook(new Thread(ScaleProcesses::cleanUp));
    }

    /**
     * What a process measured; an exception where it did not come to its end in time.
     *
     * @param more words for it
     */
    Map<String, Double> run(Duration longest, int heapMegabytes, int policies, int pods, String... more) {
        try {
            Shell.run("mkdir", STATE.toString());
            Shell.run("ip", "netns", "add", NAMESPACE);
            Shell.run(NETWORK, List.of("ip", "-n", NAMESPACE, "-batch", "-"));
            return figures(Shell.run("", command(longest, heapMegabytes, policies, pods, more)));
        } finally {
            cleanUp();
        }
    }

    private static void cleanUp() {
        Shell.attempt(List.of("ip", "netns", "del", NAMESPACE));
        Shell.attempt(List.of("rm", "-r", STATE.toString()));
    }

    /** The agent's compiler and collector. One that ends in the middle of it leaves its files where they are cleaned up. */
    private static List<String> command(Duration longest, int heapMegabytes, int policies, int pods, String... more) {
        var command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                NAMESPACE,
                "timeout",
                "--signal=KILL",
                Long.toString(longest.toSeconds()),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heapMegabytes + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.io.tmpdir=" + STATE,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                EgressScale.class.getName(),
                Integer.toString(policies),
                STATE.toString(),
                Integer.toString(pods)));
        command.addAll(List.of(more));
        return command;
    }

    private static Map<String, Double> figures(String printed) {
        var figures = new HashMap<String, Double>();
        FIGURE.matcher(printed)
                .results()
                .forEach(found -> figures.put(found.group(1), Double.parseDouble(found.group(2))));
        if (!figures.containsKey("total_ms")) {
            throw new IllegalStateException("a measurement printed something else than its figures: " + printed);
        }
        return figures;
    }
}

package dev.tombolo.lab.command;

import dev.tombolo.lab.daemon.LabDaemon;
import dev.tombolo.lab.daemon.LabFile;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Leftovers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "up", mixinStandardHelpOptions = true, description = "Make the clusters of a lab.")
final class UpCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST = 99;

    @Mixin
    private LabChoice lab;

    @Option(names = "--clusters", defaultValue = "2", description = "How many clusters (default: ${DEFAULT-VALUE}).")
    private int clusters;

    @Option(names = "--nodes", defaultValue = "2", description = "How many nodes in each (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--ipv6", description = "Nodes, pods and the outside have IPv6 addresses too.")
    private boolean ipv6;

    @Override
    public Integer call() throws Exception {
        if (clusters < 1 || clusters > MOST || nodes < 1 || nodes > MOST) {
            System.err.println("error: --clusters and --nodes are 1 to " + MOST);
            return 2;
        }
        Instant begin = Instant.now();
        LabHome home = lab.home();
        Optional<LabFile> before = LabFile.read(home);
        if (before.filter(LabFile::running).isPresent()) {
            System.out.printf(
                    "✔ lab %s is already up: %d clusters with %d nodes each%n",
                    home.name(), before.get().clusters(), before.get().nodes());
            return 0;
        }
        new Leftovers(home).remove();
        LabDaemon.prepare(home);
        if (!follow(daemon(home))) {
            System.err.println(
                    "error: lab " + home.name() + " did not come up:\n" + Files.readString(home.path("daemon.log")));
            new Leftovers(home).remove();
            return 1;
        }
        System.out.printf(
                "✔ lab %s is up (%.1f s); eval \"$(tombolo lab env)\" points kubectl at it%n",
                home.name(), Duration.between(begin, Instant.now()).toMillis() / 1000.0);
        return 0;
    }

    /** A session of its own: the daemon outlives this terminal. */
    private Process daemon(LabHome home) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "setsid", Path.of(System.getProperty("java.home"), "bin/java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("-X") || a.startsWith("-D") || a.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx768m",
                "-cp",
                System.getProperty("java.class.path"),
                LabMain.class.getName(),
                "daemon",
                "--name",
                home.name(),
                "--clusters",
                Integer.toString(clusters),
                "--nodes",
                Integer.toString(nodes)));
        if (ipv6) {
            command.add("--ipv6");
        }
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.path("daemon.log").toFile())
                .start();
    }

    /** Shows what the daemon says until it says it is up. */
    private boolean follow(Process daemon) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        int shown = 0;
        while (Instant.now().isBefore(end)) {
            boolean alive = daemon.isAlive();
            // The last line may still be in the making.
            String log = Files.readString(lab.home().path("daemon.log"));
            List<String> lines =
                    log.substring(0, log.lastIndexOf('\n') + 1).lines().toList();
            for (String line : lines.subList(Math.min(shown, lines.size()), lines.size())) {
                if (line.equals("up")) {
                    return true;
                }
                if (line.startsWith("✔")) {
                    System.out.println(line);
                }
            }
            shown = lines.size();
            if (!alive) {
                return false;
            }
            Thread.sleep(20);
        }
        return false;
    }
}

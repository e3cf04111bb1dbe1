package dev.tombolo.scenarios;

import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.programs.CheckFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The agent of a node of cluster1 and what carries packets to and from its gateways, stopped; they go on when closed. */
final class FrozenNode implements AutoCloseable {
    private static final List<String> PROGRAMS = List.of("wireguard-go", "dev.tombolo.agent.Main");

    private final List<Long> processes;

    private FrozenNode(List<Long> processes) {
        this.processes = processes;
    }

    static FrozenNode freeze(MeshLab lab, String node) {
        var frozen = new FrozenNode(run("ip", "netns", "pids", lab.home.namespace("cluster1-" + node))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Long::valueOf)
                .filter(FrozenNode::isOfEgress)
                .toList());
        if (frozen.processes.size() < 2) {
            throw new CheckFailure("expected an agent and carriers on " + node + ", found " + frozen.processes);
        }
        frozen.signal("STOP");
        return frozen;
    }

    private static boolean isOfEgress(long pid) {
        try {
            var words = new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
            return PROGRAMS.stream().anyMatch(words::contains);
        } catch (IOException ended) {
            return false;
        }
    }

    private void signal(String name) {
        for (long pid : processes) {
            run("kill", "-" + name, Long.toString(pid));
        }
    }

    private static String run(String... words) {
        try {
            return Commands.run(words);
        } catch (IOException failure) {
            throw new CheckFailure(failure.getMessage());
        }
    }

    @Override
    public void close() {
        signal("CONT");
    }
}

package dev.tombolo.benchmarks.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.lab.kubelet.ContainerRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One TCP stream from a pod of one cluster to a pod of the other, as Tombolo set it up, and over the same device and pods
 * with our programs detached and routes set by hand in the main table; alternating.
 */
final class Throughput {
    private static final double SHARE_BUDGET = 0.95;
    private static final int SECONDS = 3;
    private static final String BARE = """
            ip route show table 7100 | grep -v ^unreachable | while read -r route; do ip route add $route; done
            ip rule del pref 7100
            rm -f /sys/fs/bpf/tombolo/v*/links/*
            """;
    private static final String OURS =
            "ip route show table 7100 | grep -v ^unreachable | while read -r route; do ip route del $route; done";
    private static final String IN_PLACE =
            "ip rule show pref 7100; ls /sys/fs/bpf/tombolo/v*/links | grep -E 'from_tunnel|connect4'; true";
    private static final int LINES_IN_PLACE = 3;

    private final MeshLab lab;
    private final int rounds;
    private int errors;

    Throughput(MeshLab lab, int rounds) {
        this.lab = lab;
        this.rounds = rounds;
    }

    private record Transfer(double gigabits, long retransmits) {}

    /** What was measured one right after the other, so that the machine is as busy in both. */
    private record Round(Transfer ours, Transfer bare) {
        double share() {
            return ours.gigabits / bare.gigabits;
        }
    }

    void run() {
        var client = lab.containers(1, "shop", "client").getFirst();
        var server = lab.containers(2, "shop", "echo").getFirst();
        var measured = new ArrayList<Round>();
        for (int round = 0; round < rounds; round++) {
            stop(1, client.node());
            stop(2, server.node());
            var ours = transfer(client, server);
            MeshLab.onNode(agent(1, client.node()), BARE);
            MeshLab.onNode(agent(2, server.node()), BARE);
            var bare = transfer(client, server);
            attach(1, client.node());
            attach(2, server.node());
            ours.ifPresent(with -> bare.ifPresent(without -> measured.add(new Round(with, without))));
        }
        report(measured);
    }

    private void report(List<Round> measured) {
        System.out.printf(
                "%nCross-cluster throughput, one TCP stream pod to pod, %d alternating rounds of %d s, %d errors;"
                        + " the agents are stopped in both ways%n",
                rounds, SECONDS, errors);
        line("as Tombolo set it up", measured.stream().map(Round::ours).toList());
        line(
                "routes by hand, programs detached",
                measured.stream().map(Round::bare).toList());
        var share = Figures.of(measured.stream().map(Round::share).toList());
        System.out.printf(
                "%-38s %8.1f %%  (%.1f–%.1f)   budget at least %.0f %%: %s%n",
                "share, the median of the rounds",
                100 * share.median(),
                100 * share.least(),
                100 * share.most(),
                100 * SHARE_BUDGET,
                share.median() >= SHARE_BUDGET ? "reached" : "not reached");
    }

    private static void line(String what, List<Transfer> transfers) {
        var figures = Figures.of(transfers.stream().map(Transfer::gigabits).toList());
        System.out.printf(
                "%-38s %8.2f Gbit/s  (%.2f–%.2f)  %d retransmits%n",
                what,
                figures.median(),
                figures.least(),
                figures.most(),
                transfers.stream().mapToLong(Transfer::retransmits).sum());
    }

    private Optional<Transfer> transfer(ContainerRecord client, ContainerRecord server) {
        String address = lab.kubectl(2, "-n", "shop", "get", "pod", server.pod(), "-o", "jsonpath={.status.podIP}");
        Process listening = null;
        try {
            listening = new ProcessBuilder(MeshLab.in(server, "iperf3", "-s", "-1", "-p", "5201"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            awaitListening(server);
            var json = new ObjectMapper()
                    .readTree(Shell.run(
                            "",
                            MeshLab.in(
                                    client,
                                    "iperf3",
                                    "-c",
                                    address,
                                    "-p",
                                    "5201",
                                    "-J",
                                    "-t",
                                    Integer.toString(SECONDS))));
            return Optional.of(new Transfer(
                    json.at("/end/sum_received/bits_per_second").asDouble() / 1e9,
                    json.at("/end/sum_sent/retransmits").asLong()));
        } catch (IllegalStateException | JsonProcessingException failed) {
            errors++;
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            if (listening != null) {
                listening.destroyForcibly();
            }
        }
    }

    private static void awaitListening(ContainerRecord server) {
        MeshLab.await(
                "the server",
                () -> Optional.of(Shell.attempt(MeshLab.in(server, "ss", "-ltnH", "sport = :5201")))
                        .filter(listening -> listening.contains(":5201")));
    }

    private ContainerRecord agent(int cluster, String node) {
        return lab.containers(cluster, MeshLab.NAMESPACE, "agent").stream()
                .filter(agent -> agent.node().equals(node))
                .findFirst()
                .orElseThrow();
    }

    /** The agent would mend what is taken away; and both ways of a round are to have the same of the machine. */
    private void stop(int cluster, String node) {
        Shell.run("kill", "-STOP", Long.toString(agent(cluster, node).pid()));
    }

    private void attach(int cluster, String node) {
        var before = agent(cluster, node);
        MeshLab.onNode(before, OURS);
        Shell.run("kill", "-KILL", Long.toString(before.pid()));
        MeshLab.await(
                "the agent of " + node + " in place again",
                () -> Optional.of(agent(cluster, node))
                        .filter(agent -> agent.pid() != before.pid() && isInPlace(agent)));
    }

    private static boolean isInPlace(ContainerRecord agent) {
        return Shell.attempt(List.of(
                                "nsenter",
                                "--target",
                                Long.toString(agent.pid()),
                                "--mount",
                                "--net",
                                "sh",
                                "-c",
                                IN_PLACE))
                        .lines()
                        .filter(line -> line.contains("7100") || line.matches("connect4|from_tunnel_.*"))
                        .count()
                == LINES_IN_PLACE;
    }
}

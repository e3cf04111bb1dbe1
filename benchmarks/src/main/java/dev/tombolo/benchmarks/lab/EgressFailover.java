package dev.tombolo.benchmarks.lab;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.lab.EgressClient.Mark;
import dev.tombolo.benchmarks.lab.EgressClient.Request;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How long a pod has no answer from outside when its gateway dies: what carries packets there and the agent are killed, or
 * stopped, both at once. From just before that to the first answer after those that are lost; the address is the same.
 */
public final class EgressFailover {
    private static final int ROUNDS = 20;
    private static final double BUDGET_MILLIS = 1_000;
    private static final double NANOS_IN_A_MILLI = 1e6;

    private final Path repository;
    private final List<Round> rounds = new ArrayList<>();

    public EgressFailover(Path repository) {
        this.repository = repository;
    }

    /** One death of a gateway. */
    private record Round(String signal, double millis, long lost, long asked) {}

    public void run() {
        try (var lab = new MeshLab(repository)) {
            var gateways = new EgressGateways(lab);
            gateways.prepare(repository.resolve("benchmarks/src/main/kubernetes/egress-failover.yaml"));
            gateways.awaitSteady();
            var pod = lab.containers(1, "finance", "client").getFirst();
            try (var client = EgressClient.start(repository.resolve("benchmarks/target/programs"), pod)) {
                awaitAnswer(client);
                for (int round = 0; round < ROUNDS; round++) {
                    rounds.add(round(gateways, client, round % 2 == 0 ? "KILL" : "STOP"));
                }
            }
            report(gateways.others());
        }
    }

    private static Round round(EgressGateways gateways, EgressClient client, String signal) {
        String owner = gateways.awaitSteady();
        awaitAnswer(client);
        var processes = gateways.processes(owner);
        var dead = client.mark();
        EgressGateways.signal(signal, processes);
        MeshLab.await(
                "the other gateway to have the address",
                () -> Optional.of(gateways.holders()).filter(holders -> holders.contains(EgressGateways.other(owner))));
        awaitAnswer(client);
        EgressGateways.signal("CONT", processes);
        gateways.awaitSteady();
        var requests = client.between(dead, client.mark());
        expectOneAddress(requests.values());
        long lost = requests.values().stream()
                .filter(request -> request.answeredNanos().isEmpty())
                .count();
        double millis = (firstAnswer(requests, dead) - dead.nanos()) / NANOS_IN_A_MILLI;
        System.out.printf("SIG%s of %s: %4.0f ms, %d of %d lost%n", signal, owner, millis, lost, requests.size());
        return new Round(signal, millis, lost, requests.size());
    }

    private static void awaitAnswer(EgressClient client) {
        var now = client.mark();
        MeshLab.await("an answer from outside", () -> Optional.of(now).filter(client::isAnsweredSince));
    }

    private static void expectOneAddress(Collection<Request> requests) {
        requests.stream()
                .filter(request -> request.answeredNanos().isPresent())
                .filter(request -> !request.source().equals(EgressGateways.ADDRESS))
                .findFirst()
                .ifPresent(request -> {
                    throw new IllegalStateException(
                            "the server was asked by " + request.source() + ", not by " + EgressGateways.ADDRESS);
                });
    }

    /** After the longest run of requests that were lost; that of the first request where none was. */
    private static long firstAnswer(Map<Long, Request> requests, Mark dead) {
        long longest = 0;
        long run = 0;
        long answer = dead.nanos();
        for (var request : new TreeMap<>(requests).values()) {
            if (request.answeredNanos().isEmpty()) {
                run++;
            } else {
                if (run > longest) {
                    longest = run;
                    answer = request.answeredNanos().get();
                }
                run = 0;
            }
        }
        return answer;
    }

    private void report(long others) {
        System.out.printf(
                "%nA gateway dies, %d times, 3 nodes, 100 new UDP flows a second: from the signal to the first answer%n",
                rounds.size());
        line("all", rounds);
        for (String signal : List.of("KILL", "STOP")) {
            line(
                    "SIG" + signal,
                    rounds.stream().filter(round -> round.signal.equals(signal)).toList());
        }
        System.out.printf(
                "requests lost: %d of %d; packets outside under another address: %d, expected 0: %s%n",
                rounds.stream().mapToLong(Round::lost).sum(),
                rounds.stream().mapToLong(Round::asked).sum(),
                others,
                others == 0 ? "reached" : "not reached");
    }

    private static void line(String what, List<Round> measured) {
        var figures = Figures.of(measured.stream().map(Round::millis).toList());
        System.out.printf(
                "%-8s min %4.0f  p50 %4.0f  p90 %4.0f  max %4.0f ms   budget %.0f: %s%n",
                what,
                figures.least(),
                figures.median(),
                figures.quantile(0.9),
                figures.most(),
                BUDGET_MILLIS,
                Figures.verdict(figures.most(), BUDGET_MILLIS));
    }
}

package dev.tombolo.benchmarks.egress;

import dev.tombolo.benchmarks.egress.SnatTopology.Place;
import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.benchmarks.stream.TcpStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * TCP streams and new connections from pods to the outside through a gateway: by the product's programs, and by the
 * kernel's masquerade over the same WireGuard device. What is compared is measured in turn, in every round.
 */
public final class SnatThroughput {
    private static final int SECONDS = 3;
    private static final int CONNECTS = 5_000;
    private static final int LONGEST_CONNECTS_SECONDS = 5;
    private static final Pattern CONNECTED = Pattern.compile("ok=(\\d+) errors=(\\d+) .* rate=([\\d.]+)");

    private final Path repository;
    private final int rounds;
    private int errors;

    /** From where, and what. */
    private enum Measure {
        STREAM(Place.POD, "one TCP stream, pod on another node", "Gbit/s"),
        CONNECTIONS(Place.POD, "new connections, pod on another node", "/s"),
        LOCAL_STREAM(Place.LOCAL_POD, "one TCP stream, pod on the gateway's node", "Gbit/s"),
        LOCAL_CONNECTIONS(Place.LOCAL_POD, "new connections, pod on the gateway's node", "/s");

        private final Place from;
        private final String what;
        private final String unit;

        Measure(Place from, String what, String unit) {
            this.from = from;
            this.what = what;
            this.unit = unit;
        }

        boolean isStream() {
            return this == STREAM || this == LOCAL_STREAM;
        }
    }

    /** A way to make a mode. */
    @FunctionalInterface
    private interface Means {
        SnatMode open() throws IOException;
    }

    public SnatThroughput(Path repository, int rounds) {
        this.repository = repository;
        this.rounds = rounds;
    }

    /** What was measured one right after the other. */
    private record Round(Map<Measure, Double> ours, Map<Measure, Double> kernels) {
        boolean has(Measure measure) {
            return ours.containsKey(measure) && kernels.containsKey(measure);
        }

        double share(Measure measure) {
            return ours.get(measure) / kernels.get(measure);
        }
    }

    public void run() {
        var measured = new ArrayList<Round>();
        try (var net = new SnatTopology(repository)) {
            for (int round = 0; round < rounds; round++) {
                measured.add(round % 2 == 0 ? oursFirst(net) : kernelsFirst(net));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        report(measured);
    }

    private Round oursFirst(SnatTopology net) throws IOException {
        var ours = measure(net, () -> new SnatMode.Programs(net));
        return new Round(ours, measure(net, () -> new SnatMode.Masquerade(net)));
    }

    private Round kernelsFirst(SnatTopology net) throws IOException {
        var kernels = measure(net, () -> new SnatMode.Masquerade(net));
        return new Round(measure(net, () -> new SnatMode.Programs(net)), kernels);
    }

    private Map<Measure, Double> measure(SnatTopology net, Means means) throws IOException {
        var figures = new HashMap<Measure, Double>();
        try (var _ = means.open()) {
            for (Measure measure : Measure.values()) {
                var figure = measure.isStream() ? stream(net, measure.from) : connections(net, measure.from);
                figure.ifPresentOrElse(value -> figures.put(measure, value), () -> errors++);
            }
        }
        return figures;
    }

    private static OptionalDouble stream(SnatTopology net, Place from) {
        return TcpStream.measure(net.in(from), SnatTopology.SERVER, SnatTopology.IPERF_PORT, SECONDS);
    }

    private OptionalDouble connections(SnatTopology net, Place from) {
        var found = CONNECTED.matcher(Shell.attempt(net.in(
                        from,
                        net.program("connect-client"),
                        SnatTopology.SERVER,
                        Integer.toString(SnatTopology.CONNECT_PORT),
                        "1",
                        "last",
                        Integer.toString(CONNECTS),
                        Integer.toString(LONGEST_CONNECTS_SECONDS)))
                .strip());
        if (!found.matches()) {
            return OptionalDouble.empty();
        }
        errors += Integer.parseInt(found.group(2));
        return OptionalDouble.of(Double.parseDouble(found.group(3)));
    }

    private void report(List<Round> measured) {
        System.out.printf(
                "%nEgress, SNAT at a gateway against nftables' masquerade over the same WireGuard device, %d alternating rounds"
                        + " of %d s and %,d connects, %d errors%n",
                rounds, SECONDS, CONNECTS, errors);
        System.out.printf("%-44s %12s %12s %22s%n", "", "tombolo", "masquerade", "share (least–most)");
        for (Measure measure : Measure.values()) {
            var complete = measured.stream().filter(round -> round.has(measure)).toList();
            if (complete.isEmpty()) {
                System.out.printf("%-44s not measured: every round failed%n", measure.what);
            } else {
                line(measure, complete);
            }
        }
    }

    private static void line(Measure measure, List<Round> rounds) {
        var share =
                Figures.of(rounds.stream().map(round -> round.share(measure)).toList());
        String figure = measure.isStream() ? "%12.2f" : "%12.0f";
        System.out.printf(
                "%-44s " + figure + " " + figure + " %6s %5.1f %% (%.0f–%.0f)   budget at least 100: %s%n",
                measure.what,
                Figures.of(rounds.stream()
                                .map(round -> round.ours().get(measure))
                                .toList())
                        .median(),
                Figures.of(rounds.stream()
                                .map(round -> round.kernels().get(measure))
                                .toList())
                        .median(),
                measure.unit,
                100 * share.median(),
                100 * share.least(),
                100 * share.most(),
                share.median() >= 1 ? "reached" : "not reached");
    }
}

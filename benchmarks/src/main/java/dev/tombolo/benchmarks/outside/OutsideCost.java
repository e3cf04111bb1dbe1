package dev.tombolo.benchmarks.outside;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.kernel.Frames;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfObject;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a packet of a client outside costs in the programs that serve it, by how many services and connections there are; and
 * how many connections would go elsewhere when a backend leaves. The kernel times each packet, as a run of its own.
 */
public final class OutsideCost {
    private static final int FLOWS = 1_000;
    private static final int PASSES = 10;
    private static final int ROOM = 200_000;
    private static final int MANY_CONNECTIONS = 1_000_000;
    private static final int CLIENT_PORTS = 50_000;
    private static final int FIRST_PORT = 10_000;
    private static final int SHARED_OUT = 20_000;
    private static final double FLAT = 1.25;
    private static final double MOVED = 0.015;
    private static final IpAddress CLIENTS = IpAddress.parse("30.0.0.1");

    /** Whose connections begin while it is measured. */
    private static final IpAddress NEWCOMERS = IpAddress.parse("40.0.0.1");

    private final int rounds;
    private final List<OutsideObject> objects = new ArrayList<>();

    public OutsideCost(int rounds) {
        this.rounds = rounds;
    }

    /** What a program is asked. */
    @FunctionalInterface
    private interface Question {
        BpfObject.TestRun ask(OutsideObject object, int flow, int round) throws BpfException;
    }

    /** What is compared, with the medians of its rounds and the packets that were not carried. */
    private static final class Case {
        private final String what;
        private final String with;
        private final OutsideObject object;
        private final int passes;
        private final Question question;
        private final Optional<Case> base;
        private final List<Double> medians = new ArrayList<>();
        private int errors;

        Case(String what, String with, OutsideObject object, int passes, Question question, Optional<Case> base) {
            this.what = what;
            this.with = with;
            this.object = object;
            this.passes = passes;
            this.question = question;
            this.base = base;
        }

        void round(int round) throws BpfException {
            var nanos = new ArrayList<Double>();
            for (int pass = 0; pass < passes; pass++) {
                for (int flow = 0; flow < FLOWS; flow++) {
                    var run = question.ask(object, flow, round);
                    nanos.add((double) run.nanos());
                    errors += run.verdict() == OutsideObject.PASSED ? 0 : 1;
                }
            }
            medians.add(Figures.of(nanos).median());
        }
    }

    public void run() {
        try {
            var cases = cases();
            for (int round = 0; round <= rounds; round++) {
                measure(cases, round);
                if (round == 0) {
                    // What is warm is so for all of them.
                    cases.forEach(each -> each.medians.clear());
                }
            }
            report(cases);
            moved(10);
            moved(32);
            moved(100);
            TableCost.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            objects.forEach(OutsideObject::close);
        }
    }

    private static void measure(List<Case> cases, int round) throws BpfException {
        var order = new ArrayList<>(cases);
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        for (var each : order) {
            each.round(round);
        }
    }

    private List<Case> cases() throws IOException {
        var few = object(100, ROOM);
        var cases = new ArrayList<>(of("100 services", few, List.of()));
        var base = List.copyOf(cases);
        cases.addAll(of("10,000 services", object(10_000, ROOM), base));
        cases.addAll(of("100,000 services", object(100_000, ROOM), base));
        cases.addAll(of("10,000 services, 1,000,000 connections", busy(), base));
        cases.addAll(of("1 service, a table of 100 backends", kept(new OutsideObject(1, 100, ROOM)), base));
        return cases;
    }

    private OutsideObject object(int services, int connections) throws IOException {
        return kept(new OutsideObject(services, 2, connections));
    }

    private OutsideObject kept(OutsideObject object) {
        objects.add(object);
        return object;
    }

    private OutsideObject busy() throws IOException {
        var object = object(10_000, MANY_CONNECTIONS + ROOM);
        for (int flow = 0; flow < MANY_CONNECTIONS; flow++) {
            object.open(object.segment(CLIENTS.plus(1 + flow / CLIENT_PORTS), FIRST_PORT + flow % CLIENT_PORTS, flow));
        }
        if (object.halves() != 2 * MANY_CONNECTIONS) {
            throw new IllegalStateException("there are not two halves of each connection");
        }
        return object;
    }

    private static List<Case> of(String with, OutsideObject object, List<Case> base) throws BpfException {
        var segments = IntStream.range(0, FLOWS)
                .mapToObj(flow -> object.segment(CLIENTS, FIRST_PORT + flow, flow))
                .toList();
        var answers = new ArrayList<byte[]>();
        for (byte[] segment : segments) {
            answers.add(Frames.answer(object.open(segment)));
        }
        Question begins =
                (at, flow, round) -> at.in(Frames.opening(at.segment(NEWCOMERS.plus(round), FIRST_PORT + flow, flow)));
        return List.of(
                new Case("connection begins", with, object, 1, begins, based(base, 0)),
                new Case(
                        "packet to a backend",
                        with,
                        object,
                        PASSES,
                        (at, flow, _) -> at.in(segments.get(flow)),
                        based(base, 1)),
                new Case(
                        "packet to the client",
                        with,
                        object,
                        PASSES,
                        (at, flow, _) -> at.out(answers.get(flow)),
                        based(base, 2)));
    }

    private static Optional<Case> based(List<Case> base, int number) {
        return base.isEmpty() ? Optional.empty() : Optional.of(base.get(number));
    }

    /** Of one service, whose backends are one fewer the second time. */
    private static void moved(int backends) throws IOException {
        try (var all = new OutsideObject(1, backends, ROOM);
                var fewer = new OutsideObject(1, backends, ROOM, backends / 2)) {
            var gone = OutsideObject.backend(backends / 2);
            int others = 0;
            int elsewhere = 0;
            for (int flow = 0; flow < SHARED_OUT; flow++) {
                var before = Frames.destination(all.open(all.segment(CLIENTS, FIRST_PORT + flow, 0)));
                var after = Frames.destination(fewer.open(fewer.segment(CLIENTS, FIRST_PORT + flow, 0)));
                others += before.equals(gone) ? 0 : 1;
                elsewhere += before.equals(gone) || before.equals(after) ? 0 : 1;
            }
            double share = (double) elsewhere / others;
            System.out.printf(
                    "1 of %d backends gone: %.2f %% of the others' connections would choose another; at most 1.5 %%: %s%n",
                    backends, 100 * share, Figures.verdict(share, MOVED));
        }
    }

    private void report(List<Case> cases) {
        System.out.printf(
                "%nClients outside, a packet in the kernel's programs (BPF_PROG_TEST_RUN, a run a packet; a reading of the clock"
                        + " is in it),%n2 backends a service, %d alternating rounds of %,d packets of %,d connections%n",
                rounds, FLOWS * PASSES, FLOWS);
        System.out.printf("%-22s %-40s %8s %14s %8s%n", "", "with", "ns", "(least–most)", "errors");
        cases.forEach(OutsideCost::line);
    }

    private static void line(Case each) {
        var figures = Figures.of(each.medians);
        System.out.printf(
                "%-22s %-40s %8.0f %14s %8d%s%n",
                each.what,
                each.with,
                figures.median(),
                "(%.0f–%.0f)".formatted(figures.least(), figures.most()),
                each.errors,
                each.base.map(base -> verdict(each, base)).orElse(""));
    }

    private static String verdict(Case large, Case small) {
        double ratio =
                Figures.of(large.medians).median() / Figures.of(small.medians).median();
        return "   %.2f x %s; flat, below %.2f: %s".formatted(ratio, small.with, FLAT, Figures.verdict(ratio, FLAT));
    }
}

package dev.tombolo.benchmarks.egress;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.kernel.Frames;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a packet of a connection that is under way costs in the programs of egress gateways, by how many policies and
 * translations there are. Each packet is a run of its own, since a program changes it; the kernel times it.
 */
public final class PacketCost {
    private static final String SOURCE = "egress_source";
    private static final String UPLINK = "egress_local";
    private static final String GATEWAY = "egress_gateway";
    private static final int FLOWS = 1_000;
    private static final int PASSES = 10;
    private static final int TRANSLATIONS = 100_000;
    private static final int FIRST_PORT = 10_000;
    private static final int PORTS = 50_000;
    private static final double FLAT = 1.25;

    private final int rounds;
    private final List<EgressObject> objects = new ArrayList<>();

    public PacketCost(int rounds) {
        this.rounds = rounds;
    }

    /** What is compared, with the medians of its rounds and the packets that were not carried. */
    private static final class Case {
        private final String what;
        private final String program;
        private final EgressObject object;
        private final List<byte[]> frames;
        private final int verdict;
        private final Optional<Case> base;
        private final List<Double> medians = new ArrayList<>();
        private int errors;

        Case(String what, String program, EgressObject object, List<byte[]> frames, int verdict, Optional<Case> base) {
            this.what = what;
            this.program = program;
            this.object = object;
            this.frames = frames;
            this.verdict = verdict;
            this.base = base;
        }

        void round() throws BpfException {
            var nanos = new ArrayList<Double>();
            for (int pass = 0; pass < PASSES; pass++) {
                for (byte[] frame : frames) {
                    var run = object.run(program, frame, program.equals(UPLINK) ? EgressObject.STEERED : 0);
                    nanos.add((double) run.nanos());
                    errors += run.verdict() == verdict ? 0 : 1;
                }
            }
            medians.add(Figures.of(nanos).median());
        }
    }

    public void run() {
        try {
            var cases = cases();
            var order = new ArrayList<>(cases);
            // What is compiled and what is warm is so for all of them.
            measure(order);
            cases.forEach(each -> each.medians.clear());
            for (int round = 0; round < rounds; round++) {
                measure(order);
                Collections.reverse(order);
            }
            report(cases);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            objects.forEach(EgressObject::close);
        }
    }

    private static void measure(List<Case> cases) throws BpfException {
        for (Case each : cases) {
            each.round();
        }
    }

    private List<Case> cases() throws IOException {
        var one = object(1);
        var hundred = object(100);
        var many = object(10_000);
        var oneBusy = busy(object(1));
        var manyBusy = busy(object(10_000));
        var cases = new ArrayList<Case>();
        byte[] stranger = Frames.tcp(IpAddress.parse("10.250.0.1"), 40_000, EgressObject.destination(0, 0), 443);
        cases.add(new Case(
                "10,000 policies, none selects it",
                SOURCE,
                many,
                Collections.nCopies(FLOWS, stranger),
                EgressObject.PASSED,
                Optional.empty()));
        cases.addAll(byPolicies(SOURCE, one, hundred, many));
        cases.addAll(byPolicies(UPLINK, one, hundred, many));
        var gateway = byPolicies(GATEWAY, one, hundred, many);
        cases.addAll(gateway);
        cases.add(steered("1 policy, 100,000 NAT entries", GATEWAY, oneBusy, 1, Optional.of(gateway.getFirst())));
        cases.add(steered(
                "10,000, packets of 1,000, 100,000 entries", GATEWAY, manyBusy, FLOWS, Optional.of(gateway.getLast())));
        return cases;
    }

    private static List<Case> byPolicies(String program, EgressObject one, EgressObject hundred, EgressObject many)
            throws BpfException {
        var small = steered("1 policy", program, one, 1, Optional.empty());
        return List.of(
                small,
                steered("100 policies, packets of one", program, hundred, 1, Optional.of(small)),
                steered("10,000 policies, packets of one", program, many, 1, Optional.of(small)),
                steered("10,000 policies, packets of 1,000", program, many, FLOWS, Optional.of(small)));
    }

    private EgressObject object(int policies) throws IOException {
        var object = new EgressObject(policies);
        objects.add(object);
        return object;
    }

    private static Case steered(
            String what, String program, EgressObject object, int policiesInUse, Optional<Case> base)
            throws BpfException {
        var flows = IntStream.range(0, FLOWS)
                .mapToObj(flow -> frame(object, flow * (TRANSLATIONS / 2 / FLOWS), policiesInUse))
                .toList();
        for (byte[] frame : flows) {
            // Its gateway is given to a flow where it leaves the pod.
            object.run(program.equals(UPLINK) ? SOURCE : program, Frames.opening(frame));
        }
        int verdict = program.equals(SOURCE) ? EgressObject.PASSED : EgressObject.REDIRECTED;
        return new Case(what, program, object, flows, verdict, base);
    }

    /** Two entries a connection. */
    private static EgressObject busy(EgressObject object) throws BpfException {
        for (int flow = 0; flow < TRANSLATIONS / 2; flow++) {
            byte[] opening = Frames.opening(frame(object, flow, object.policies()));
            if (object.run(GATEWAY, opening).verdict() != EgressObject.REDIRECTED) {
                throw new IllegalStateException("connection " + flow + " was refused");
            }
        }
        if (object.maps().translations().count() != TRANSLATIONS) {
            throw new IllegalStateException("there are not " + TRANSLATIONS + " NAT entries");
        }
        return object;
    }

    /** Neighbours in number are of policies far apart. */
    private static byte[] frame(EgressObject object, int flow, int policiesInUse) {
        int policy = (int) (flow * 7_919L % policiesInUse) * (object.policies() / policiesInUse);
        return Frames.tcp(
                EgressObject.pod(policy), FIRST_PORT + flow % PORTS, EgressObject.destination(policy, flow), 443);
    }

    private void report(List<Case> cases) {
        System.out.printf(
                "%nEgress, a packet of a connection under way in the kernel's programs (BPF_PROG_TEST_RUN, a run a packet;"
                        + " a reading of the clock is in it),%n%d alternating rounds of %,d packets of %,d connections%n",
                rounds, FLOWS * PASSES, FLOWS);
        System.out.printf("%-16s %-42s %8s %14s %8s%n", "program", "with", "ns", "(least–most)", "errors");
        cases.forEach(PacketCost::line);
    }

    private static void line(Case each) {
        var figures = Figures.of(each.medians);
        System.out.printf(
                "%-16s %-42s %8.0f %14s %8d%s%n",
                each.program,
                each.what,
                figures.median(),
                "(%.0f–%.0f)".formatted(figures.least(), figures.most()),
                each.errors,
                each.base.map(base -> verdict(each, base)).orElse(""));
    }

    private static String verdict(Case large, Case small) {
        double ratio =
                Figures.of(large.medians).median() / Figures.of(small.medians).median();
        return "   %.2f x %s; flat, below %.2f: %s".formatted(ratio, small.what, FLAT, Figures.verdict(ratio, FLAT));
    }
}

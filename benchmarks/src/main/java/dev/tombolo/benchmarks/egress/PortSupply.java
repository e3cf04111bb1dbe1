package dev.tombolo.benchmarks.egress;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.kernel.Frames;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.egress.EgressSaturationKey;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections to one place through one egress address, in the gateway's program: how many are refused for want of a port,
 * with the ports of an address of its own and of one that the gateway's programs send with too.
 */
public final class PortSupply {
    private static final String GATEWAY = "egress_gateway";
    private static final int CONNECTIONS = 30_000;
    private static final int TRIES = 10_000;
    private static final List<Integer> FILLS = List.of(50, 90, 99);
    private static final int JUDGED_FILL = 90;
    private static final int FIRST_PORT = 1_024;
    private static final int GROUP = 1;
    private static final int TCP = 6;
    private static final int OUT = 0;
    private static final int IN = 1;
    private static final int HTTPS = 443;
    private static final int CLIENT_PORTS = 28_232;
    private static final int FIRST_CLIENT_PORT = 32_768;
    private static final int CONNECTIONS_OF_A_POD = 1_000;
    private static final int PODS = 100;
    private static final int STRIDE = 7_919;
    private static final IpAddress FAR = EgressObject.destination(0, 0);

    /** A range that a gateway gives. */
    private record Range(String what, int last) {
        int size() {
            return last - FIRST_PORT + 1;
        }
    }

    public void run() {
        System.out.printf(
                "%nEgress, connections to one address and port through one egress address, pods with %,d each, source ports"
                        + " as Linux gives them%n",
                CONNECTIONS_OF_A_POD);
        try {
            measure(new Range("address of the gateway alone, 1024–65535", 65_535));
            measure(new Range("address shared with its node, 1024–29999", 29_999));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void measure(Range range) throws IOException {
        System.out.printf("%s: %,d ports%n", range.what(), range.size());
        try (var object = object(range)) {
            int refused = 0;
            var nanos = new ArrayList<Double>();
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                var run = object.run(GATEWAY, frame(connection));
                nanos.add((double) run.nanos());
                refused += run.verdict() == EgressObject.REDIRECTED ? 0 : 1;
            }
            check(object, refused);
            int unavoidable = Math.max(0, CONNECTIONS - range.size());
            System.out.printf(
                    "  %,d connections at once: %,d refused (%,d more than ports)   budget none beyond those: %s;"
                            + " median %.0f ns%n",
                    CONNECTIONS,
                    refused,
                    unavoidable,
                    refused == unavoidable ? "reached" : "not reached",
                    Figures.of(nanos).median());
        }
        for (int fill : FILLS) {
            fill(range, fill);
        }
    }

    private static EgressObject object(Range range) throws IOException {
        var object = new EgressObject(1);
        object.address(GROUP, FIRST_PORT, range.last());
        for (int pod = 0; pod < PODS; pod++) {
            object.select(EgressObject.pod(pod), 1);
        }
        return object;
    }

    /** New connections at a share of the ports in use; each gives its port back at once. */
    private static void fill(Range range, int percent) throws IOException {
        try (var object = object(range)) {
            int wanted = (int) ((long) range.size() * percent / 100);
            int connection = 0;
            for (int used = 0; used < wanted; connection++) {
                used += object.run(GATEWAY, frame(connection)).verdict() == EgressObject.REDIRECTED ? 1 : 0;
            }
            int before = connection - wanted;
            int refused = 0;
            var nanos = new ArrayList<Double>();
            for (int tried = 0; tried < TRIES; tried++) {
                byte[] frame = frame(connection + tried);
                var run = object.run(GATEWAY, frame);
                nanos.add((double) run.nanos());
                if (run.verdict() == EgressObject.REDIRECTED) {
                    giveBack(object, connection + tried, Frames.sourcePort(run.packet()));
                } else {
                    refused++;
                }
            }
            check(object, before + refused);
            var took = Figures.of(nanos);
            System.out.printf(
                    "  at %d %% of the ports in use: %,d of %,d new ones refused (%,d on the way there)%s; median %.0f ns, p99 %.0f ns%n",
                    percent,
                    refused,
                    TRIES,
                    before,
                    percent == JUDGED_FILL
                            ? "   budget none: " + (refused + before == 0 ? "reached" : "not reached")
                            : "",
                    took.median(),
                    took.quantile(0.99));
        }
    }

    private static void giveBack(EgressObject object, int connection, int port) throws BpfException {
        var translations = object.maps().translations();
        boolean out = translations.delete(new EgressTuple(pod(connection), FAR, port(connection), HTTPS, TCP, OUT));
        boolean in = translations.delete(new EgressTuple(EgressObject.addressOf(GROUP), FAR, port, HTTPS, TCP, IN));
        if (!out || !in) {
            throw new IllegalStateException("a translation was not where it should be");
        }
    }

    /** What programs counted must be what was seen. */
    private static void check(EgressObject object, int refused) throws BpfException {
        long counted = object.maps()
                .saturation()
                .lookup(new EgressSaturationKey(EgressObject.addressOf(GROUP)))
                .map(row -> row.refused())
                .orElse(0L);
        if (counted != refused) {
            throw new IllegalStateException(refused + " were refused, and " + counted + " counted");
        }
    }

    private static byte[] frame(int connection) {
        return Frames.opening(Frames.tcp(pod(connection), port(connection), FAR, HTTPS));
    }

    private static IpAddress pod(int connection) {
        return EgressObject.pod(connection / CONNECTIONS_OF_A_POD);
    }

    private static int port(int connection) {
        return FIRST_CLIENT_PORT + (int) ((long) connection * STRIDE % CLIENT_PORTS);
    }
}

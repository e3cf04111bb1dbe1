package dev.tombolo.benchmarks.outside;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.MaglevTable;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How long it takes to compute the table of a service with many backends; nothing is written. */
final class TableCost {
    private static final int BACKENDS = 1_000;
    private static final int SLOTS = 16_381;
    private static final int TABLES = 200;
    private static final double LIMIT = 5;
    private static final IpAddress FIRST = IpAddress.parse("10.0.0.1");

    private TableCost() {}

    static void run() {
        var backends = backends();
        var millis = new ArrayList<Double>();
        for (int i = 0; i < TABLES; i++) {
            long start = System.nanoTime();
            int filled = MaglevTable.of(backends, SLOTS).length;
            millis.add((System.nanoTime() - start) / 1e6);
            if (filled != SLOTS) {
                throw new IllegalStateException("a table has " + filled + " slots");
            }
        }
        var figures = Figures.of(millis);
        System.out.printf(
                "table of %,d slots for %,d backends: %.2f ms, the first one %.2f ms (%.2f–%.2f); below %.0f ms: %s%n",
                SLOTS,
                BACKENDS,
                figures.median(),
                millis.getFirst(),
                figures.least(),
                figures.most(),
                LIMIT,
                Figures.verdict(figures.median(), LIMIT));
    }

    private static List<ServiceBackend> backends() {
        return IntStream.range(0, BACKENDS)
                .mapToObj(number -> new ServiceBackend(FIRST.plus(number), 8_080, 1, BackendState.ACTIVE))
                .toList();
    }
}

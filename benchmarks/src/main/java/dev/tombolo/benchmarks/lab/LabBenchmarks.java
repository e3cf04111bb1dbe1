package dev.tombolo.benchmarks.lab;

import java.nio.file.Path;
import java.util.Collection;

/** The parts that need whole clusters, in one lab. */
public final class LabBenchmarks {
    private final Path repository;
    private final int rounds;

    public LabBenchmarks(Path repository, int rounds) {
        this.repository = repository;
        this.rounds = rounds;
    }

    /** @param parts any of {@code demo}, {@code agent} and {@code throughput} */
    public void run(Collection<String> parts) {
        try (var lab = new MeshLab(repository)) {
            var bootstrap = new Bootstrap(lab, repository);
            bootstrap.run();
            if (parts.contains("demo")) {
                bootstrap.report();
            }
            if (parts.contains("agent")) {
                new ProcessStarts(lab, rounds).run();
            }
            if (parts.contains("throughput")) {
                new Throughput(lab, rounds).run();
            }
        }
    }
}

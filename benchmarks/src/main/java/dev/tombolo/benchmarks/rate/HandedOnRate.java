package dev.tombolo.benchmarks.rate;

import dev.tombolo.bpf.XdpMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Packets per second that a node hands on to the node of their backend: by tc alone, and by a program of XDP before it. */
public final class HandedOnRate {
    private static final List<Integer> SERVICES = List.of(100, 100_000);

    private final Path programs;
    private final int rounds;

    public HandedOnRate(Path repository, int rounds) {
        programs = repository.resolve("benchmarks/target/programs");
        this.rounds = rounds;
    }

    public void run() {
        System.out.printf(
                "%nHanded on to the backend's node, out of the veth by which it came; " + OutsideRate.SETTING);
        try {
            for (int services : SERVICES) {
                compare(services);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void compare(int services) throws IOException {
        var neighbour = new Neighbour(programs);
        try (var lanes = new Lanes(programs, services)) {
            lanes.add(new Untracked("source alone"), OutsideRate::node);
            lanes.add(new RoutedOn(neighbour), neighbour::sink);
            lanes.add(new HandedOn(neighbour, Optional.empty()), neighbour::sink);
            for (var mode : XdpMode.values()) {
                lanes.add(new HandedOn(neighbour, Optional.of(mode)), neighbour::sink);
            }
            new RateComparison(rounds, lanes.all()).run("%,d services".formatted(services));
        }
    }
}

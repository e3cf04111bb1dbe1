package dev.tombolo.benchmarks;

import dev.tombolo.benchmarks.connect.ConnectBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Runs the measurements: {@code Benchmarks PROGRAMS COMMIT ROUNDS SERVICES…}; prints them with machine, date and commit. */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] words) throws IOException {
        var programs = Path.of(words[0]);
        int rounds = Integer.parseInt(words[2]);
        System.out.printf(
                "%s, commit %s%n%s, %d CPUs, Linux %s, Java %s%n",
                LocalDate.now(),
                words[1],
                cpu(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                System.getProperty("java.version"));
        var benchmark = new ConnectBenchmark(programs, rounds);
        for (String count : List.of(words).subList(3, words.length)) {
            int services = Integer.parseInt(count);
            benchmark.run(services, ConnectBenchmark.modes(services));
        }
    }

    private static String cpu() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }
}

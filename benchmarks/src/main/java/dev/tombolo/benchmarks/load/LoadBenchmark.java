package dev.tombolo.benchmarks.load;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.shell.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How long it takes until 10,000 services are in the kernel's maps, and one change of one of them. Each round is a fresh
 * process with the agent's JVM settings, class path and cache of classes: its first load is the cold one, which is what a restarted agent pays.
 */
public final class LoadBenchmark {
    public static final int SERVICES = 10_000;
    private static final double LOAD_BUDGET_MS = 100;
    private static final double ENTRY_BUDGET_US = 100;
    private static final Pattern LINE =
            Pattern.compile("entries=(\\d+) rows_ms=([\\d.]+) cold_ms=([\\d.]+) warm_ms=([\\d.]+) read_ms=([\\d.]+)"
                    + " first_us=([\\d.]+) change_us=([\\d.]+) change_p99_us=([\\d.]+)");

    private final Path repository;
    private final int rounds;

    public LoadBenchmark(Path repository, int rounds) {
        this.repository = repository;
        this.rounds = rounds;
    }

    public void run() {
        var columns = new ArrayList<List<Double>>();
        for (int round = 0; round < rounds; round++) {
            String printed = Shell.run("", command()).strip();
            var line = LINE.matcher(printed);
            if (!line.matches()) {
                throw new IllegalStateException("a load printed something else than its figures: " + printed);
            }
            for (int group = 1; group <= line.groupCount(); group++) {
                if (columns.size() < group) {
                    columns.add(new ArrayList<>());
                }
                columns.get(group - 1).add(Double.parseDouble(line.group(group)));
            }
        }
        report(columns.stream().map(Figures::of).toList());
    }

    /** Java as {@code bin/node-agent} calls it; the agent's cache wants the agent's class path first. */
    private List<String> command() {
        var library = repository.resolve("dist/target/tombolo/lib");
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms24m",
                "-Xmx96m",
                "-XX:AOTCache=" + library.resolve("node-agent.aot"),
                "-XX:AOTMode=on",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                agentClassPath(library) + ":" + repository.resolve("benchmarks/target/classes"),
                ServiceLoad.class.getName());
    }

    private static String agentClassPath(Path library) {
        try (var files = Files.list(library)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar") && !file.contains("/clustermesh-apiserver"))
                    .sorted()
                    .collect(Collectors.joining(":"));
        } catch (IOException notBuilt) {
            throw new UncheckedIOException("the distribution is not built: make build", notBuilt);
        }
    }

    private void report(List<Figures> of) {
        System.out.printf(
                "%nLoading %,d services with two backends each (%,.0f map entries) into the kernel, %d fresh processes%n",
                SERVICES, of.get(0).median(), rounds);
        line("first load of a process (cold)", of.get(2), "ms", LOAD_BUDGET_MS);
        line("the same again in it (warm, median of 10)", of.get(3), "ms", LOAD_BUDGET_MS);
        line("reading them all back (warm)", of.get(4), "ms", Double.NaN);
        line("making the rows before the first load, not in it", of.get(1), "ms", Double.NaN);
        line("one backend of one service replaced, per map entry", of.get(6), "us", ENTRY_BUDGET_US);
        line("the same, the slowest of a hundred", of.get(7), "us", Double.NaN);
        line("the same, the first of a process", of.get(5), "us", Double.NaN);
    }

    private static void line(String what, Figures figures, String unit, double budget) {
        String verdict = Double.isNaN(budget)
                ? ""
                : "   budget %.0f: %s".formatted(budget, Figures.verdict(figures.median(), budget));
        System.out.printf(
                "%-52s %8.1f %s  (%.1f–%.1f)%s%n",
                what, figures.median(), unit, figures.least(), figures.most(), verdict);
    }
}

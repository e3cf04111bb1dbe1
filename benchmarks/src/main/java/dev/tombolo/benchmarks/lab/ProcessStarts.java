package dev.tombolo.benchmarks.lab;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.lab.kubelet.ContainerRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * How soon the processes of the distribution are ready, and how much memory they have then: each is killed and started
 * again by its kubelet. From the start of its launcher (the kernel's time of it, 10 ms) to the first 200 of /ready.
 */
final class ProcessStarts {
    private static final double READY_BUDGET_SECONDS = 2;
    private static final double RSS_BUDGET_MB = 180;
    private static final double TICKS_A_SECOND = 100;
    private static final int SETTLED_SECONDS = 3;
    /** Without a process a turn: that would take a fifth of a CPU from what is measured. */
    private static final String UNTIL_READY = """
            exec 4<> <(:)
            for i in $(seq 2000); do
              if exec 3<>/dev/tcp/127.0.0.1/%d && printf 'GET /ready HTTP/1.0\\r\\n\\r\\n' >&3 &&
                 read -r line <&3 && [[ $line == *' 200 '* ]]; then cut -d' ' -f1 /proc/uptime; exit; fi
              exec 3>&-; read -rt 0.01 -u 4
            done 2>/dev/null
            exit 1
            """;

    private final MeshLab lab;
    private final int rounds;

    ProcessStarts(MeshLab lab, int rounds) {
        this.lab = lab;
        this.rounds = rounds;
    }

    private record Start(double readySeconds, double rssMegabytes, double anonymousMegabytes) {}

    void run() {
        measure("node-agent", "agent", 9879, true);
        measure("clustermesh-apiserver", "apiserver", 9880, false);
    }

    void measure(String name, String container, int port, boolean budgeted) {
        var starts = new ArrayList<Start>();
        for (int round = 0; round < rounds; round++) {
            starts.add(start(container, port));
        }
        System.out.printf("%n%s, %d starts in a lab with one global service, other cluster connected%n", name, rounds);
        line(
                "ready",
                "s",
                READY_BUDGET_SECONDS,
                budgeted,
                starts.stream().map(Start::readySeconds).toList());
        line(
                "RSS",
                "MB",
                RSS_BUDGET_MB,
                budgeted,
                starts.stream().map(Start::rssMegabytes).toList());
        line(
                "of it not of files",
                "MB",
                0,
                false,
                starts.stream().map(Start::anonymousMegabytes).toList());
    }

    private static void line(String what, String unit, double budget, boolean budgeted, List<Double> values) {
        var figures = Figures.of(values);
        String verdict =
                budgeted ? "   budget %.0f: %s".formatted(budget, Figures.verdict(figures.median(), budget)) : "";
        System.out.printf(
                "%-20s %8.2f %s  (%.2f–%.2f)%s%n",
                what, figures.median(), unit, figures.least(), figures.most(), verdict);
    }

    private Start start(String container, int port) {
        var before = lab.containers(1, MeshLab.NAMESPACE, container).getFirst();
        Shell.run("kill", "-KILL", Long.toString(before.pid()));
        var after = MeshLab.await(
                "a new " + container,
                () -> lab.containers(1, MeshLab.NAMESPACE, container).stream()
                        .filter(record -> record.pod().equals(before.pod()) && record.pid() != before.pid())
                        .findFirst());
        var command = List.of("nsenter", "--net=" + after.netns(), "bash", "-c", UNTIL_READY.formatted(port));
        double ready = Double.parseDouble(Shell.run("", command).strip());
        var start = new Start(ready - startedAt(after), 0, 0);
        settle();
        return new Start(start.readySeconds, memory(after, "VmRSS"), memory(after, "RssAnon"));
    }

    /** What a start leaves to do, and the first status reports, belong to the memory of a running process. */
    private static void settle() {
        try {
            TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Seconds of uptime at which the process was started. */
    private static double startedAt(ContainerRecord container) {
        String stat = read(Path.of("/proc", Long.toString(container.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[19]) / TICKS_A_SECOND;
    }

    private static double memory(ContainerRecord container, String field) {
        String status = read(Path.of("/proc", Long.toString(container.pid()), "status"));
        return Optional.of(Pattern.compile(field + ":\\s+(\\d+) kB").matcher(status))
                .filter(found -> found.find())
                .map(found -> Long.parseLong(found.group(1)) / 1024.0)
                .orElseThrow();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }
}

package dev.tombolo.docs.reference;

import static dev.tombolo.docs.reference.Markdown.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code metrics.md}: the metrics that the two processes register, as their sources name them. */
final class MetricsReference {
    private static final String NAME = "\"(tombolo_[a-z_]+)\"";
    private static final String WHAT = "\"([^\"]+)\"";
    /** {@code Gauge.builder("name", …).description("what")}. */
    private static final Pattern BUILT = Pattern.compile(
            "Gauge\\.builder\\(\\s*" + NAME + "(?:(?!\\.register\\().)*?\\.description\\(\\s*" + WHAT, Pattern.DOTALL);
    /** {@code Timer.builder("name").description("what")}: the exporter adds the unit. */
    private static final Pattern TIMED = Pattern.compile(
            "Timer\\.builder\\(\\s*" + NAME + "(?:(?!\\.register\\().)*?\\.description\\(\\s*" + WHAT, Pattern.DOTALL);
    /** {@code gauge(metrics, "name", "what", …)}, with or without the registry. */
    private static final Pattern SHORT = Pattern.compile("\\bgauge\\(\\s*(?:metrics,\\s*)?" + NAME + ",\\s*" + WHAT);
    /** {@code count("name", …)}, or with what it says behind: the exporter adds {@code _total} to a counter's name. */
    private static final Pattern COUNTED = Pattern.compile("\\bcount\\(\\s*" + NAME + "(?:,\\s*" + WHAT + ")?");

    private MetricsReference() {}

    static String page() throws IOException {
        return new Markdown()
                .heading(1, "Metrics")
                .paragraph("""
                    Both processes serve `/prometheus` in Prometheus' text format. Beside these stand the metrics that Micronaut
                    and Micrometer add for the JVM and the HTTP server, which are not listed here. Labels are not listed either.\
                    """.strip())
                .heading(2, "Agent (port 9879 of a node)")
                .table(List.of("Name", "Kind", "What it says"), metrics(Path.of("../node-agent/src/main/java")))
                .heading(2, "Mesh API server (port 9880 of its pod)")
                .table(
                        List.of("Name", "Kind", "What it says"),
                        metrics(Path.of("../clustermesh-apiserver/src/main/java")))
                .text();
    }

    private static List<List<String>> metrics(Path sources) throws IOException {
        var rows = new ArrayList<List<String>>();
        long named = 0;
        try (var files = Files.walk(sources)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                found(SHORT, source).forEach(gauge -> rows.add(gauge(gauge)));
                found(BUILT, source).forEach(gauge -> rows.add(gauge(gauge)));
                found(TIMED, source)
                        .forEach(timer ->
                                rows.add(List.of(code(timer.group(1) + "_seconds"), "histogram", timer.group(2))));
                found(COUNTED, source)
                        .forEach(counter -> rows.add(List.of(
                                code(counter.group(1) + "_total"),
                                "counter",
                                Optional.ofNullable(counter.group(2)).orElse("–"))));
                named += found(Pattern.compile(NAME), source).count();
            }
        }
        if (named != rows.size()) {
            throw new IllegalStateException(sources + " names " + named + " metrics, and " + rows.size()
                    + " of them are registered in a way that this page reads");
        }
        rows.sort(Comparator.comparing(List::getFirst));
        return rows;
    }

    private static Stream<MatchResult> found(Pattern pattern, String source) {
        return pattern.matcher(source).results();
    }

    private static List<String> gauge(MatchResult found) {
        return List.of(code(found.group(1)), "gauge", found.group(2));
    }
}

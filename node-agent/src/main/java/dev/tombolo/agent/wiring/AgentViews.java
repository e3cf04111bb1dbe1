package dev.tombolo.agent.wiring;

import dev.tombolo.agent.api.Views;
import dev.tombolo.reconciler.table.Columns;
import dev.tombolo.reconciler.table.Table;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The agent's tables as text, by name. */
final class AgentViews implements Views {
    private record Row(String key, String value) {}

    private static final Columns<Row> COLUMNS =
            Columns.<Row>none().with("Key", Row::key).with("Value", Row::value);

    private final Agent agent;
    private final StatusReporter reporter;
    private final Map<String, Supplier<String>> tables = new TreeMap<>();

    AgentViews(Agent agent, StatusReporter reporter) {
        this.agent = agent;
        this.reporter = reporter;
        var all = agent.tables;
        tables.put("nodes", () -> text(all.believed.nodes()));
        tables.put("endpoints", () -> text(all.believed.endpoints()));
        tables.put("peers", () -> text(all.peers));
        tables.put("routes", () -> text(all.routes));
        tables.put("services", () -> text(all.services));
        tables.put("backends", () -> text(all.frontends));
        tables.put("ipcache", () -> text(all.ipcache));
        tables.put("paths", () -> text(all.paths));
        tables.put("failures", this::failures);
    }

    @Override
    public Map<String, Supplier<String>> tables() {
        return tables;
    }

    @Override
    public String status() {
        return reporter.status().toString();
    }

    @Override
    public Optional<String> notReady() {
        return agent.ready() ? Optional.empty() : Optional.of(agent.attachFailure().orElse("starting"));
    }

    private static <K extends Comparable<? super K>, V> String text(Table<K, V> table) {
        return COLUMNS.text(table.snapshot().stream()
                .map(row -> new Row(row.getKey().toString(), row.getValue().toString()))
                .toList());
    }

    private String failures() {
        var rows = new java.util.ArrayList<Row>();
        agent.loops().forEach((name, loop) -> loop.failures()
                .forEach((key, failure) -> rows.add(new Row(name + " " + key, failure.toString()))));
        return COLUMNS.text(rows);
    }
}

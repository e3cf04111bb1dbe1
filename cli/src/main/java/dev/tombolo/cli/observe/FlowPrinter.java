package dev.tombolo.cli.observe;

import dev.tombolo.cli.output.Console;
import dev.tombolo.cli.output.Documents;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.reconciler.table.Columns;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flows one after the other: a table whose columns grow, or a document each. Safe for many threads. */
final class FlowPrinter {
    /** Wide enough for most, so that lines that come one by one are still a table. */
    private static final List<Integer> WIDTHS = List.of(12, 6, 20, 18, 5, 20, 8, 10, 6);

    private final Console console;
    private final OutputFormat format;
    private final Columns<EgressFlow> columns;
    private final int[] widths = WIDTHS.stream().mapToInt(Integer::intValue).toArray();
    private boolean begun;

    FlowPrinter(Console console, OutputFormat format, ZoneId zone) {
        this.console = console;
        this.format = format;
        var time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
        columns = Columns.<EgressFlow>none()
                .with("Time", flow -> time.format(flow.time()))
                .with("Node", EgressFlow::node)
                .with("Pod", flow -> flow.pod().isEmpty() ? flow.source() : flow.pod())
                .with("Destination", EgressFlow::destination)
                .with("Proto", EgressFlow::protocolName)
                .with("Egress", flow -> flow.egress().map(Object::toString).orElse(""))
                .with("Policy", EgressFlow::policy)
                .with("Verdict", EgressFlow::verdict)
                .with("Reason", FlowPrinter::reason);
    }

    private static String reason(EgressFlow flow) {
        return flow.words() + (flow.withheld() == 0 ? "" : " (and " + flow.withheld() + " more before)");
    }

    synchronized void print(EgressFlow flow) {
        switch (format) {
            case TABLE -> {
                begin();
                line(columns.cells(flow));
            }
            case JSON -> console.line(Documents.jsonLine(document(flow)));
            case YAML -> console.text("---\n" + Documents.yaml(document(flow)));
        }
    }

    /** The line of titles, also where no flow follows. */
    synchronized void begin() {
        if (!begun && format == OutputFormat.TABLE) {
            line(columns.titles());
        }
        begun = true;
    }

    private void line(List<String> cells) {
        var text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
            text.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
        }
        console.line(text.toString().stripTrailing());
    }

    private static Map<String, Object> document(EgressFlow flow) {
        var document = new LinkedHashMap<String, Object>();
        document.put("time", flow.time());
        document.put("node", flow.node());
        document.put("pod", flow.pod());
        document.put("source", flow.source().address());
        document.put("source_port", flow.source().port());
        document.put("destination", flow.destination().address());
        document.put("destination_port", flow.destination().port());
        document.put("protocol", flow.protocolName());
        flow.egress().ifPresent(egress -> {
            document.put("source_xlated", egress.address());
            document.put("source_port_xlated", egress.port());
        });
        document.put("policy", flow.policy());
        document.put("verdict", flow.verdict());
        if (!flow.reason().isEmpty()) {
            document.put("drop_reason", flow.reason());
            document.put("withheld", flow.withheld());
        }
        document.put("hook", flow.hook());
        return document;
    }
}

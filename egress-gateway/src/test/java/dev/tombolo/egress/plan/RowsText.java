package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.model.node.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows as lines that a test can be read by. */
final class RowsText {
    private RowsText() {}

    static String of(EgressRows rows) {
        return Stream.of(sources(rows), rules(rows), groups(rows), addresses(rows))
                .flatMap(List::stream)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> sources(EgressRows rows) {
        return rows.sources().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(row -> "source " + row.getKey() + " set " + row.getValue().value())
                .toList();
    }

    private static List<String> rules(EgressRows rows) {
        return rows.rules().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<EgressRows.RuleKey, Rule> row) ->
                                row.getKey().set().value())
                        .thenComparing(row -> row.getKey().destination()))
                .map(row -> "rule set " + row.getKey().set().value() + " to "
                        + row.getKey().destination() + " " + rule(row.getValue()))
                .toList();
    }

    private static String rule(Rule rule) {
        return switch (rule) {
            case Rule.ToGroup(var policy, var group) -> "group " + group.value() + " by " + policy;
            case Rule.Exclude(var policy) -> "exclude by " + policy;
            case Rule.Drop(var policy) -> "drop by " + policy;
        };
    }

    private static List<String> groups(EgressRows rows) {
        return rows.groups().entrySet().stream()
                .sorted(Comparator.comparing(row -> row.getKey().value()))
                .map(row -> "group " + row.getKey().value() + " of "
                        + row.getValue().shares().keySet().stream()
                                .map(NodeId::toString)
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    private static List<String> addresses(EgressRows rows) {
        return rows.addresses().entrySet().stream()
                .map(row -> "address group " + row.getKey().group().value() + " on "
                        + row.getKey().node() + (row.getKey().v4() ? " IPv4 " : " IPv6 ") + row.getValue())
                .sorted()
                .toList();
    }
}

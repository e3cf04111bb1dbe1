package dev.tombolo.agent.status;

import dev.tombolo.kube.object.MeshNodeObject.Problem;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.reconciler.loop.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a person should mend, with its cause and the way to mend it. */
public final class Problems {
    private static final int MOST_ROWS_NAMED = 3;

    private Problems() {}

    /** Rows that a target refuses. */
    public static List<Problem> ofTable(String table, Map<?, Failure> failures, java.util.Optional<Failure> unreadable) {
        var problems = new ArrayList<Problem>();
        unreadable.ifPresent(failure -> problems.add(new Problem(
                table, "cannot be read since " + failure.since() + ": " + failure.reason(), fix(failure.reason()))));
        failures.entrySet().stream()
                .sorted(java.util.Comparator.comparing(row -> row.getKey().toString()))
                .limit(MOST_ROWS_NAMED)
                .forEach(row -> problems.add(new Problem(
                        table,
                        row.getKey() + " is not applied: " + row.getValue().reason(),
                        fix(row.getValue().reason()))));
        if (failures.size() > MOST_ROWS_NAMED) {
            problems.add(new Problem(table, (failures.size() - MOST_ROWS_NAMED) + " more rows are not applied", ""));
        }
        return problems;
    }

    static String fix(String reason) {
        if (reason.contains("E2BIG") || reason.contains("map is full")) {
            return "raise the map's size in the configuration, or connect fewer clusters";
        }
        if (reason.contains("container wireguard")) {
            return "look at the logs of the container wireguard of this pod";
        }
        return "";
    }

    public static List<Problem> ofClusters(Map<ClusterName, SourceState> states) {
        var problems = new ArrayList<Problem>();
        states.forEach((cluster, state) -> {
            switch (state) {
                case SourceState.Fresh _ -> {}
                case SourceState.Connecting(var what) ->
                    problems.add(new Problem("cluster " + cluster, "not read yet, waiting for " + what, ""));
                case SourceState.Stale(Instant since, var cause) ->
                    problems.add(new Problem(
                            "cluster " + cluster,
                            "stale since " + since + ": " + cause,
                            "what is known stays in use; see that clustermesh-apiserver runs in tombolo-system"));
            }
        });
        return problems;
    }

    /** FORWARD policies of iptables, as {@code iptables -S FORWARD} prints them. */
    public static List<Problem> ofForwardPolicy(String rules, String device) {
        boolean drops = rules.lines().anyMatch("-P FORWARD DROP"::equals);
        boolean accepts = rules.contains("-i " + device + " -j ACCEPT") && rules.contains("-o " + device + " -j ACCEPT");
        return drops && !accepts
                ? List.of(new Problem(
                        "FORWARD policy",
                        "iptables drops what is forwarded, and nothing accepts what goes through " + device,
                        "iptables -I FORWARD -i " + device + " -j ACCEPT; iptables -I FORWARD -o " + device
                                + " -j ACCEPT"))
                : List.of();
    }
}

package dev.tombolo.agent.status;

import dev.tombolo.agent.probe.PathState;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The paths to one cluster's nodes, those of which anything is known.
 *
 * @param deadSince by node
 */
public record ClusterPaths(int known, Map<NodeId, Instant> deadSince) {
    public static final ClusterPaths NONE = new ClusterPaths(0, Map.of());

    public ClusterPaths {
        deadSince = java.util.Collections.unmodifiableMap(new TreeMap<>(deadSince));
    }

    public static Map<ClusterName, ClusterPaths> of(Map<NodeId, PathState> states) {
        var byCluster = new TreeMap<ClusterName, Map<NodeId, PathState>>();
        states.forEach((node, state) ->
                byCluster.computeIfAbsent(node.cluster(), _ -> new TreeMap<>()).put(node, state));
        return byCluster.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, row -> paths(row.getValue())));
    }

    private static ClusterPaths paths(Map<NodeId, PathState> states) {
        var dead = states.keySet().stream()
                .filter(node -> states.get(node).isDead())
                .collect(Collectors.toMap(
                        Function.identity(), node -> states.get(node).since()));
        return new ClusterPaths(states.size(), dead);
    }

    public int answering() {
        return known - deadSince.size();
    }

    /** There are paths that answered once, and none does now. */
    public boolean allDead() {
        return known > 0 && answering() == 0;
    }
}

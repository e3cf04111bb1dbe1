package dev.tombolo.agent.wiring;

import dev.tombolo.agent.status.ClusterPaths;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.model.cluster.ClusterName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the agent has of each peer cluster, as its status tells it. */
final class ClusterReport {
    private ClusterReport() {}

    static List<MeshNodeObject.Cluster> of(Agent agent) {
        var believed = agent.tables.believed;
        var nodes = counts(
                believed.nodes().snapshot().stream().map(row -> row.getKey().cluster()));
        var endpoints = counts(
                believed.endpoints().snapshot().stream().map(row -> row.getKey().cluster()));
        var services = counts(
                believed.services().snapshot().stream().map(row -> row.getKey().cluster()));
        var paths = ClusterPaths.of(agent.tables.pathStates.snapshot().toMap());
        return agent.clusters.states().entrySet().stream()
                .map(row -> {
                    var name = row.getKey();
                    var known = paths.getOrDefault(name, ClusterPaths.NONE);
                    return new MeshNodeObject.Cluster(
                            name.value(),
                            state(row.getValue(), known),
                            row.getValue() instanceof SourceState.Stale(var since, var _)
                                    ? Optional.of(since)
                                    : Optional.empty(),
                            count(nodes, name),
                            count(endpoints, name),
                            count(services, name),
                            known.known(),
                            known.answering());
                })
                .toList();
    }

    private static State state(SourceState source, ClusterPaths paths) {
        return switch (source) {
            case SourceState.Connecting _ -> State.Connecting;
            case SourceState.Fresh _ -> State.Fresh;
            case SourceState.Stale _ -> paths.allDead() ? State.Dead : State.Stale;
        };
    }

    private static Map<ClusterName, Long> counts(Stream<ClusterName> clusters) {
        return clusters.collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    }

    private static int count(Map<ClusterName, Long> counts, ClusterName name) {
        return counts.getOrDefault(name, 0L).intValue();
    }
}

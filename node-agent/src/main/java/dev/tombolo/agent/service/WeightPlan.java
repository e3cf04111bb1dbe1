package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.model.cluster.ClusterName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What weights of clusters come to for each backend: those of a cluster share its weight in equal parts. */
final class WeightPlan {
    private static final int EQUAL = 1;

    private WeightPlan() {}

    /**
     * The weight of each active backend, by its cluster. The greatest is as great as can be, so that rounding does not matter;
     * where all are alike they are 1, and where only drained clusters are left these share as if they were not.
     */
    static Map<ClusterName, Integer> perBackend(BackendSet set) {
        var parts = new HashMap<ClusterName, Double>();
        counts(set.active())
                .forEach((cluster, count) ->
                        parts.put(cluster, (double) set.weights().of(cluster) / count));
        double most = parts.values().stream().mapToDouble(part -> part).max().orElse(0);
        boolean alike = !set.weights().isPresent() || parts.values().stream().allMatch(part -> part == most);
        var weights = new HashMap<ClusterName, Integer>();
        parts.forEach((cluster, part) -> weights.put(cluster, alike ? EQUAL : scaled(part / most)));
        return weights;
    }

    private static int scaled(double part) {
        return Math.max(1, (int) Math.round(part * ServiceBackend.MOST));
    }

    private static Map<ClusterName, Integer> counts(List<Backend> backends) {
        var counts = new HashMap<ClusterName, Integer>();
        backends.forEach(backend -> counts.merge(backend.cluster(), 1, Integer::sum));
        return counts;
    }
}

package dev.tombolo.model.service;

import dev.tombolo.model.cluster.ClusterName;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How new connections to a global service are spread over clusters, whatever number of backends each has. A cluster that is not
 * named has weight 1: next to {@code west=80,east=20} it gets one in a hundred, and next to {@code west=0} what west gave up.
 *
 * @param byCluster the clusters that are named; empty where every backend gets as much as any other
 */
public record ClusterWeights(Map<ClusterName, Integer> byCluster) {
    public static final String ANNOTATION = "service.tombolo.dev/cluster-weights";

    /** What the annotation has to be. */
    public static final String EXPECTED =
            "names of clusters, each once, with whole numbers from 0 to 1000, such as west=80,east=20";

    public static final ClusterWeights NONE = new ClusterWeights(Map.of());

    private static final int OF_OTHERS = 1;
    private static final int MOST = 1_000;
    private static final int LONGEST = 16_384;

    public ClusterWeights {
        byCluster = Collections.unmodifiableMap(new TreeMap<>(byCluster));
    }

    /** All of it or nothing: of half of the weights, shares would be others than were meant. */
    static Optional<ClusterWeights> tryParse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        var found = new HashMap<ClusterName, Integer>();
        for (String pair : text.split(",", -1)) {
            var words = pair.split("=", -1);
            var cluster = ClusterName.tryParse(words[0].strip());
            var weight = words.length == 2 ? weight(words[1].strip()) : Optional.<Integer>empty();
            if (cluster.isEmpty() || weight.isEmpty() || found.put(cluster.get(), weight.get()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new ClusterWeights(found));
    }

    private static Optional<Integer> weight(String text) {
        return text.matches("[0-9]{1,4}") && Integer.parseInt(text) <= MOST
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    public boolean isPresent() {
        return !byCluster.isEmpty();
    }

    /** Of all backends of a cluster together; 0 for one that is to get nothing while there are others. */
    public int of(ClusterName cluster) {
        return isPresent() ? byCluster.getOrDefault(cluster, OF_OTHERS) : OF_OTHERS;
    }
}

package dev.tombolo.model.service;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a node tells the mesh, by an annotation of its Node: for services of which clusters, at which addresses, it answers
 * clients itself. It tells so once its kernel does so.
 */
public record AnsweredServices(Map<ClusterName, List<Prefix>> ranges) {
    public static final String ANNOTATION = "service.tombolo.dev/answers-for";

    public static final AnsweredServices NONE = new AnsweredServices(Map.of());

    private static final int MOST = 1_024;

    public AnsweredServices {
        var sorted = new TreeMap<ClusterName, List<Prefix>>();
        ranges.forEach((cluster, services) ->
                sorted.put(cluster, services.stream().sorted().distinct().toList()));
        sorted.values().removeIf(List::isEmpty);
        ranges = Collections.unmodifiableMap(sorted);
    }

    /** Of an annotation {@code east=192.0.2.0/28 north=198.51.100.7/32}; what is not written so is nothing. */
    public static AnsweredServices parse(String annotation) {
        var ranges = new TreeMap<ClusterName, List<Prefix>>();
        var words = annotation.split(" ", MOST + 1);
        for (int i = 0; i < Math.min(words.length, MOST); i++) {
            int sign = words[i].indexOf('=');
            var cluster = ClusterName.tryParse(words[i].substring(0, Math.max(0, sign)));
            var services = Prefix.tryParse(words[i].substring(sign + 1)).filter(range -> range.length() > 0);
            if (sign > 0 && cluster.isPresent() && services.isPresent()) {
                ranges.computeIfAbsent(cluster.get(), _ -> new ArrayList<>()).add(services.get());
            }
        }
        return new AnsweredServices(ranges);
    }

    public List<Prefix> of(ClusterName cluster) {
        return ranges.getOrDefault(cluster, List.of());
    }

    @Override
    public String toString() {
        return ranges.entrySet().stream()
                .flatMap(row -> row.getValue().stream().map(services -> row.getKey() + "=" + services))
                .collect(Collectors.joining(" "));
    }
}

package dev.tombolo.lab.programs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the load generator counted.
 *
 * @param byPod answers by the pod that gave them, as cluster/name
 * @param bySource answers by the address that the pod saw the request come from
 */
public record LoadResult(long sent, long ok, Map<String, Long> byPod, Map<String, Long> bySource, double p99Millis) {
    /** Reads the generator's summary: one line of JSON, the last that begins with a brace. */
    public static LoadResult parse(String output) {
        String line = output.lines()
                .filter(text -> text.startsWith("{"))
                .reduce((_, last) -> last)
                .orElseThrow(() -> new CheckFailure("the load generator printed no summary:\n" + output));
        try {
            var json = new ObjectMapper().readTree(line);
            return new LoadResult(
                    json.path("sent").asLong(),
                    json.path("ok").asLong(),
                    counts(json.path("responders")),
                    counts(json.path("sources")),
                    json.path("p99_ms").asDouble());
        } catch (JsonProcessingException malformed) {
            throw new CheckFailure("the load generator printed " + line);
        }
    }

    private static Map<String, Long> counts(JsonNode object) {
        var counts = new TreeMap<String, Long>();
        object.forEachEntry((name, count) -> counts.put(name, count.asLong()));
        return counts;
    }

    /** Answers by the cluster of the pod that gave them. */
    public Map<String, Long> byCluster() {
        return byPod.entrySet().stream()
                .collect(Collectors.groupingBy(
                        pod -> pod.getKey().substring(0, pod.getKey().indexOf('/')),
                        TreeMap::new,
                        Collectors.summingLong(Map.Entry::getValue)));
    }

    public long from(String cluster) {
        return byCluster().getOrDefault(cluster, 0L);
    }

    public void mustHaveLostNothing() {
        if (sent == 0 || ok != sent) {
            throw new CheckFailure("of " + sent + " requests " + (sent - ok) + " were lost; expected none");
        }
    }
}

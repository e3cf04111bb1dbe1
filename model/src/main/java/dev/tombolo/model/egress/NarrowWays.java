package dev.tombolo.model.egress;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a node tells the gateways of its own cluster, by an annotation of its Node: how large packets to them and back may
 * be, where that is less than the tunnel takes. They have no other way to know.
 *
 * @param sizes in bytes, by the names of the gateways' nodes
 */
public record NarrowWays(Map<String, Integer> sizes) {
    public static final String ANNOTATION = "egress.tombolo.dev/narrow-ways";

    public static final NarrowWays NONE = new NarrowWays(Map.of());

    /** Every IPv4 host accepts this much (RFC 791). */
    private static final int SMALLEST = 576;

    private static final Pattern WAY = Pattern.compile("([a-z0-9.-]{1,253})=(\\d{1,5})");

    public NarrowWays {
        sizes = Map.copyOf(sizes);
    }

    /** Of an annotation {@code node2=1216 node3=1376}; what is not written so is nothing. */
    public static NarrowWays parse(String annotation) {
        var sizes = new TreeMap<String, Integer>();
        for (String word : annotation.split(" ")) {
            var way = WAY.matcher(word);
            if (way.matches() && Integer.parseInt(way.group(2)) >= SMALLEST) {
                sizes.put(way.group(1), Integer.valueOf(way.group(2)));
            }
        }
        return new NarrowWays(sizes);
    }

    @Override
    public String toString() {
        return new TreeMap<>(sizes)
                .entrySet().stream()
                        .map(way -> way.getKey() + "=" + way.getValue())
                        .collect(Collectors.joining(" "));
    }
}

package dev.tombolo.model.service.view;

import dev.tombolo.model.net.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who is served under an address of a service.
 *
 * @param sockets whether those of pods and nodes of the cluster are
 * @param packets whether those that come to the node from outside are
 * @param nodeOnly whether only backends of this node answer
 * @param ranges where clients have to be; absent where it does not matter, empty where nobody is served
 * @param byClient whether all connections of a client go to the same backend
 * @param direct whether clients outside are answered by the nodes of the backends, where those are neighbours
 */
public record Audience(
        boolean sockets,
        boolean packets,
        boolean nodeOnly,
        Optional<List<Prefix>> ranges,
        boolean byClient,
        boolean direct) {
    private static final String ANYBODY = "any";

    static final int FIELDS = 6;

    public Audience {
        ranges = ranges.map(given -> given.stream().sorted().toList());
    }

    /** As one column says it. */
    public String words() {
        String whom = sockets ? packets ? "inside and outside" : "inside" : "outside";
        return whom
                + ranges.map(Audience::only).orElse("")
                + (nodeOnly ? ", by backends of this node" : "")
                + (direct ? ", answered by the backend's node" : "");
    }

    private static String only(List<Prefix> ranges) {
        return ranges.isEmpty() ? " (nobody: no range is understood)" : " from " + list(ranges);
    }

    private static String list(List<Prefix> ranges) {
        return ranges.stream().map(Prefix::toString).collect(Collectors.joining(","));
    }

    List<String> fields() {
        return List.of(
                Boolean.toString(sockets),
                Boolean.toString(packets),
                Boolean.toString(nodeOnly),
                ranges.map(Audience::list).orElse(ANYBODY),
                Boolean.toString(byClient),
                Boolean.toString(direct));
    }

    static Audience of(List<String> fields) {
        return new Audience(
                flag(fields.get(0)),
                flag(fields.get(1)),
                flag(fields.get(2)),
                fields.get(3).equals(ANYBODY) ? Optional.empty() : Optional.of(prefixes(fields.get(3))),
                flag(fields.get(4)),
                flag(fields.get(5)));
    }

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("read " + text + ", expected true or false");
        };
    }

    private static List<Prefix> prefixes(String text) {
        return Arrays.stream(text.split(","))
                .filter(range -> !range.isEmpty())
                .map(Prefix::parse)
                .toList();
    }
}

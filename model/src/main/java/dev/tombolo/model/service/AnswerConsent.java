package dev.tombolo.model.service;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * For which services of a peer, by their addresses, nodes of this cluster may answer clients outside: its administrator says
 * so on the MeshPeer. A node that does so sends under such an address what its pods say.
 *
 * @param services at the most {@value #MOST}, without twins
 * @param problems words that are none; the others hold
 */
public record AnswerConsent(List<Prefix> services, List<Invalid> problems) {
    public static final String ANNOTATION = "service.tombolo.dev/may-answer-for";

    static final int MOST = 64;

    /** A peer that could name larger ones could have whole networks answered for by a slip of a digit. */
    private static final int SHORTEST = 8;

    public AnswerConsent {
        services = List.copyOf(services);
        problems = List.copyOf(problems);
    }

    /** Of {@code 192.0.2.0/28 198.51.100.7}; commas do as well. */
    public static AnswerConsent read(String peer, Map<String, String> annotations) {
        var services = new ArrayList<Prefix>();
        var problems = new ArrayList<Invalid>();
        for (String word : annotations.getOrDefault(ANNOTATION, "").trim().split("[,\\s]+")) {
            var range = range(word);
            if (range.isPresent() && services.size() < MOST) {
                services.add(range.get());
            } else if (!word.isEmpty()) {
                problems.add(new Invalid(
                        "MeshPeer " + peer + " annotation " + ANNOTATION,
                        Invalid.Reason.BAD_ANNOTATION,
                        word,
                        "at most " + MOST + " addresses or ranges of IPv4, such as 192.0.2.0/28"));
            }
        }
        return new AnswerConsent(services.stream().distinct().toList(), problems);
    }

    /** Between clusters nothing carries IPv6. */
    private static Optional<Prefix> range(String word) {
        return Prefix.tryParse(word).filter(range -> range.isV4() && range.length() >= SHORTEST);
    }
}

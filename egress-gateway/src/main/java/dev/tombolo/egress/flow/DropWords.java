package dev.tombolo.egress.flow;

import java.util.Locale;
import java.util.Map;

/** Why a packet was dropped, for people; C has the names that counters and documents use. */
final class DropWords {
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("DROP_HELD", "pod not known to the agent yet"),
            Map.entry("DROP_BY_RULE", "no gateway for the policy"),
            Map.entry("DROP_NO_GATEWAY", "no way to a gateway"),
            Map.entry("DROP_NO_EGRESS_ADDRESS", "gateway lacks the egress address"),
            Map.entry("DROP_PORTS_EXHAUSTED", "no free port of the egress address"),
            Map.entry("DROP_NAT_FULL", "map of translations is full"),
            Map.entry("DROP_NO_MAPPING", "error about a flow that is not there"),
            Map.entry("DROP_UNTRANSLATED", "would have left with another address"),
            Map.entry("DROP_UNSUPPORTED", "protocol that is not translated"),
            Map.entry("DROP_FRAGMENT", "fragment whose first was not seen"),
            Map.entry("DROP_NOT_A_REPLY", "no reply to anything"),
            Map.entry("DROP_NOT_SELECTED", "no policy sends it to this gateway"),
            Map.entry("DROP_DEPOSED", "egress address is another node's now"));

    private DropWords() {}

    static String of(String reason) {
        String plain = reason.replaceFirst("^DROP_", "").replace('_', ' ').toLowerCase(Locale.ROOT);
        return WORDS.getOrDefault(reason, plain);
    }
}

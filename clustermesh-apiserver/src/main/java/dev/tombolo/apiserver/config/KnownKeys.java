package dev.tombolo.apiserver.config;

import dev.tombolo.model.Invalid;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The keys under {@code tombolo} that exist; every other one is a typing error that would be ignored in silence. */
public final class KnownKeys {
    private static final Set<String> KNOWN = Set.of(
            "tombolo.cluster.name",
            "tombolo.cluster.id",
            "tombolo.max-connected-clusters",
            "tombolo.tunnel.cidr",
            "tombolo.tunnel.device",
            "tombolo.tunnel.port",
            "tombolo.service.cidr",
            "tombolo.default-global-namespace",
            "tombolo.kvstore.lease",
            "tombolo.kvstore.heartbeat",
            "tombolo.image-version");

    /** What the agent reads from the same file. */
    private static final List<String> OF_OTHERS = List.of("tombolo.agent.", "tombolo.maps.");

    private KnownKeys() {}

    public static List<Invalid> unknown(Collection<String> given) {
        return new TreeSet<>(given)
                .stream()
                        .filter(key ->
                                !KNOWN.contains(key) && OF_OTHERS.stream().noneMatch(key::startsWith))
                        .map(key -> new Invalid(
                                "configuration", Invalid.Reason.BAD_CONFIGURATION, key, "perhaps " + nearest(key)))
                        .toList();
    }

    private static String nearest(String key) {
        return KNOWN.stream()
                .min(Comparator.<String>comparingInt(known -> distance(known, key))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /** Levenshtein: how many letters have to be changed, added or taken away. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

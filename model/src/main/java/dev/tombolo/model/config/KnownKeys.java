package dev.tombolo.model.config;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of a configuration that exist; every other one is a typing error that would be ignored in silence. Only keys
 * are named, never values: a value in the wrong place may be a secret.
 */
public record KnownKeys(Set<String> known) {
    /** Of the file that a cluster's mesh server and its agents all read; each of them reads more of its own. */
    public static final Set<String> OF_A_CLUSTER = Set.of(
            "tombolo.cluster.name",
            "tombolo.cluster.id",
            "tombolo.max-connected-clusters",
            "tombolo.tunnel.cidr",
            "tombolo.tunnel.device",
            "tombolo.tunnel.port",
            "tombolo.service.cidr",
            "tombolo." + GlobalNamespaces.SETTING,
            "tombolo." + ServedServices.SETTING,
            "tombolo." + ForwardingMode.SETTING,
            "tombolo." + Acceleration.SETTING,
            "tombolo.kvstore.lease",
            "tombolo.kvstore.heartbeat",
            "tombolo.image-version");

    public KnownKeys {
        if (known.isEmpty()) {
            throw new IllegalArgumentException("no key is known");
        }
        known = Set.copyOf(known);
    }

    /** A refusal for each key that does not exist, with the one that was probably meant. */
    public List<Invalid> unknown(Collection<String> given) {
        return new TreeSet<>(given)
                .stream()
                        .filter(key -> !known.contains(key))
                        .map(key -> new Invalid(
                                "configuration", Invalid.Reason.BAD_CONFIGURATION, key, "perhaps " + nearest(key)))
                        .toList();
    }

    private String nearest(String key) {
        return known.stream()
                .min(Comparator.<String>comparingInt(candidate -> distance(candidate, key))
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

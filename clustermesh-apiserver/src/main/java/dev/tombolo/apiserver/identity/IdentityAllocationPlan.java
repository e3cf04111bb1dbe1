package dev.tombolo.apiserver.identity;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.model.identity.IdentityLabels;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Which identities are missing and which are left over. */
final class IdentityAllocationPlan {
    private IdentityAllocationPlan() {}

    /** The identity of each set of labels; of several the lowest, so that every reader picks the same. */
    static Map<IdentityLabels, Long> idByLabels(Map<Long, IdentityLabels> known) {
        var ids = new HashMap<IdentityLabels, Long>();
        known.forEach((id, labels) -> ids.merge(labels, id, Math::min));
        return ids;
    }

    /** An id for each set of labels that has none; the lowest free ones of the cluster's range, in the order asked. */
    static Map<IdentityLabels, Long> missing(
            Collection<IdentityLabels> used, Map<Long, IdentityLabels> known, SelfCluster self) {
        var ids = idByLabels(known);
        var taken = new TreeSet<>(known.keySet());
        var missing = new LinkedHashMap<IdentityLabels, Long>();
        for (IdentityLabels labels : new TreeSet<>(used)) {
            if (!ids.containsKey(labels)) {
                nextFree(taken, self).ifPresent(id -> {
                    taken.add(id);
                    missing.put(labels, id);
                });
            }
        }
        return missing;
    }

    /** The lowest number of the range that nothing has; empty when all are taken. */
    static OptionalLong nextFree(NavigableSet<Long> taken, SelfCluster self) {
        long candidate = Math.max(256, self.numbering().firstIdentity(self.id()).value());
        long last = self.numbering().lastIdentity(self.id()).value();
        for (long id : taken.tailSet(candidate, true)) {
            if (id > candidate) {
                break;
            }
            candidate = id + 1;
        }
        return candidate <= last ? OptionalLong.of(candidate) : OptionalLong.empty();
    }
}

package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one peer is still to be told: withdrawals, and announcements by their attributes, first come, first taken. */
final class Backlog {
    private final Set<Prefix> withdrawals = new LinkedHashSet<>();
    private final Map<PathAttributes, Set<Prefix>> announcements = new LinkedHashMap<>();
    private final Map<Prefix, PathAttributes> attributes = new HashMap<>();

    /** Of one family and with the same attributes. */
    record Announcements(PathAttributes attributes, List<Prefix> prefixes) {}

    void withdraw(Prefix prefix) {
        withdrawals.add(prefix);
    }

    void announce(Prefix prefix, PathAttributes with) {
        attributes.put(prefix, with);
        announcements.computeIfAbsent(with, _ -> new LinkedHashSet<>()).add(prefix);
    }

    void remove(Prefix prefix) {
        withdrawals.remove(prefix);
        var with = attributes.remove(prefix);
        if (with != null) {
            var group = announcements.get(with);
            group.remove(prefix);
            if (group.isEmpty()) {
                announcements.remove(with);
            }
        }
    }

    /** Of one family; none if there is nothing to withdraw. */
    List<Prefix> takeWithdrawals(int most) {
        return take(withdrawals.iterator(), most);
    }

    Optional<Announcements> takeAnnouncements(int most) {
        var groups = announcements.entrySet().iterator();
        if (!groups.hasNext()) {
            return Optional.empty();
        }
        var group = groups.next();
        var batch = take(group.getValue().iterator(), most);
        if (group.getValue().isEmpty()) {
            groups.remove();
        }
        batch.forEach(attributes::remove);
        return Optional.of(new Announcements(group.getKey(), batch));
    }

    boolean hasWithdrawals(List<Prefix> all) {
        return withdrawals.containsAll(all);
    }

    boolean hasAnnouncements(Announcements all) {
        return all.prefixes().stream().allMatch(prefix -> all.attributes().equals(attributes.get(prefix)));
    }

    int size() {
        return withdrawals.size() + attributes.size();
    }

    /** The first ones of one family. */
    private static List<Prefix> take(Iterator<Prefix> from, int most) {
        var batch = new ArrayList<Prefix>();
        while (from.hasNext() && batch.size() < most) {
            var prefix = from.next();
            if (batch.isEmpty() || batch.getFirst().isV4() == prefix.isV4()) {
                batch.add(prefix);
                from.remove();
            }
        }
        return batch;
    }
}

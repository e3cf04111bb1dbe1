package dev.tombolo.model.bgp;

import dev.tombolo.model.net.IpAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is said of a route besides its prefix (RFC 4271, 5.1). Routes with equal attributes travel together.
 *
 * @param nextHop always an address, never "self"
 * @param prepended in front of the path, beside what the session adds itself
 * @param med 0–4294967295
 * @param localPreference 0–4294967295; for peers of the same system only
 */
public record PathAttributes(
        IpAddress nextHop,
        List<Asn> prepended,
        OptionalLong med,
        OptionalLong localPreference,
        SortedSet<Community> communities) {
    public PathAttributes {
        prepended = List.copyOf(prepended);
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
        within("MED", med);
        within("local preference", localPreference);
    }

    /** Nothing but where to. */
    public static PathAttributes to(IpAddress nextHop) {
        return new PathAttributes(nextHop, List.of(), OptionalLong.empty(), OptionalLong.empty(), new TreeSet<>());
    }

    public PathAttributes with(Collection<? extends Community> more) {
        var all = new TreeSet<>(communities);
        all.addAll(more);
        return new PathAttributes(nextHop, prepended, med, localPreference, all);
    }

    private static void within(String what, OptionalLong number) {
        if (number.isPresent() && (number.getAsLong() < 0 || number.getAsLong() > Asn.LARGEST)) {
            throw new IllegalArgumentException(what + " " + number.getAsLong() + " is not within 0–" + Asn.LARGEST);
        }
    }
}

package dev.tombolo.model.bgp;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is to be said of routes beside where they lead.
 *
 * @param localPreference for routers of the same system; others are not told
 * @param prepend how many times more than once the path begins with our own system, for routers of others
 */
public record RouteMarks(
        SortedSet<Community> communities, OptionalLong localPreference, OptionalLong med, int prepend) {
    public static final RouteMarks NONE =
            new RouteMarks(new TreeSet<>(), OptionalLong.empty(), OptionalLong.empty(), 0);
    static final int MOST_PREPENDED = 16;

    public RouteMarks {
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
    }

    /** The same with a MED, unless there is one. */
    RouteMarks orMed(long usual) {
        return med.isPresent() ? this : new RouteMarks(communities, localPreference, OptionalLong.of(usual), prepend);
    }
}

package dev.tombolo.model.bgp;

import dev.tombolo.model.net.Prefix;
import java.util.Comparator;

/** A row of what is advertised: each peer is told of a prefix once. */
public record RouteKey(PeerId peer, Prefix prefix) implements Comparable<RouteKey> {
    private static final Comparator<RouteKey> ORDER =
            Comparator.comparing(RouteKey::peer).thenComparing(RouteKey::prefix);

    @Override
    public int compareTo(RouteKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return prefix + " to " + peer;
    }
}

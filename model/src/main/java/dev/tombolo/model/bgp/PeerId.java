package dev.tombolo.model.bgp;

import java.util.Comparator;

/** A peer of this node: the name of the instance that speaks and its own name there. */
public record PeerId(String instance, String peer) implements Comparable<PeerId> {
    private static final Comparator<PeerId> ORDER =
            Comparator.comparing(PeerId::instance).thenComparing(PeerId::peer);

    @Override
    public int compareTo(PeerId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return instance + "/" + peer;
    }
}

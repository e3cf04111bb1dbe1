package dev.tombolo.agent.mesh;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import java.util.Comparator;

/** An address or range as one cluster of the mesh announces it. */
public record RemotePrefix(ClusterName cluster, Prefix prefix) implements Comparable<RemotePrefix> {
    private static final Comparator<RemotePrefix> ORDER =
            Comparator.comparing(RemotePrefix::prefix).thenComparing(RemotePrefix::cluster);

    @Override
    public int compareTo(RemotePrefix other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return prefix + "@" + cluster;
    }
}

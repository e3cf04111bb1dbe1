package dev.tombolo.model.node;

import dev.tombolo.model.cluster.ClusterName;
import java.util.Comparator;

/** A node of the mesh; prints as {@code node@cluster}. */
public record NodeId(ClusterName cluster, String name) implements Comparable<NodeId> {
    private static final Comparator<NodeId> ORDER =
            Comparator.comparing(NodeId::cluster).thenComparing(NodeId::name);

    @Override
    public int compareTo(NodeId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name + "@" + cluster;
    }
}

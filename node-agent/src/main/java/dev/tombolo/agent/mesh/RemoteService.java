package dev.tombolo.agent.mesh;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.service.ServiceName;
import java.util.Comparator;

/** A service as one cluster of the mesh exports it; those of one name stand together. */
public record RemoteService(ServiceName name, ClusterName cluster) implements Comparable<RemoteService> {
    private static final Comparator<RemoteService> ORDER =
            Comparator.comparing(RemoteService::name).thenComparing(RemoteService::cluster);

    @Override
    public int compareTo(RemoteService other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name + "@" + cluster;
    }
}

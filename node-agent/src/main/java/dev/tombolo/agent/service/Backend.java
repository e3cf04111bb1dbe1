package dev.tombolo.agent.service;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.Comparator;

/** One address and port behind a service, and the cluster it is in. */
public record Backend(ClusterName cluster, int clusterId, SocketEndpoint endpoint) implements Comparable<Backend> {
    private static final Comparator<Backend> ORDER =
            Comparator.comparing(Backend::endpoint).thenComparing(Backend::cluster);

    @Override
    public int compareTo(Backend other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return endpoint + "@" + cluster;
    }
}

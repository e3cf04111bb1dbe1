package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an agent that was restarted still knows of other clusters: the remote backends it finds in the kernel. */
public final class KeptPlan {
    private KeptPlan() {}

    /**
     * Backends of clusters that are still declared; those of this cluster follow Kubernetes instead.
     *
     * @param clusters declared peers, by cluster id
     */
    public static Map<Frontend, BackendSet> backends(
            Map<Frontend, ServiceEntry> seen, Map<Integer, ClusterName> clusters) {
        var kept = new TreeMap<Frontend, BackendSet>();
        seen.forEach((frontend, entry) -> {
            var active = backends(entry, BackendState.ACTIVE, clusters);
            var dead = backends(entry, BackendState.QUARANTINED, clusters);
            if (!active.isEmpty() || !dead.isEmpty()) {
                kept.put(frontend, new BackendSet(active, List.of(), dead));
            }
        });
        return kept;
    }

    private static List<Backend> backends(ServiceEntry entry, BackendState state, Map<Integer, ClusterName> clusters) {
        return entry.backends().stream()
                .filter(backend -> backend.state() == state && clusters.containsKey(backend.clusterId()))
                .map(backend -> backend(backend, clusters.get(backend.clusterId())))
                .toList();
    }

    private static Backend backend(ServiceBackend seen, ClusterName cluster) {
        return new Backend(cluster, seen.clusterId(), new SocketEndpoint(seen.address(), seen.port()));
    }
}

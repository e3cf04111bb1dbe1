package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.ServiceName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A service of this cluster, as far as routers are concerned.
 *
 * @param loadBalancerClass empty where it has none
 * @param externalLocal whether clients outside get to backends of the node they come to only ({@code externalTrafficPolicy})
 * @param internalLocal the same of clients inside ({@code internalTrafficPolicy}), which counts for its cluster addresses
 * @param global whether the clusters of the mesh share it
 * @param proxied whether kube-proxy serves it too, as it does unless it is replaced
 * @param pending addresses that this node is to serve and does not serve yet
 */
public record BgpService(
        ServiceName name,
        Map<String, String> labels,
        Optional<String> loadBalancerClass,
        Map<ServiceAddress, List<IpAddress>> addresses,
        boolean externalLocal,
        boolean internalLocal,
        boolean global,
        boolean proxied,
        Backends backends,
        Set<IpAddress> pending) {
    private static final String NAME = "io.kubernetes.service.name";
    private static final String NAMESPACE = "io.kubernetes.service.namespace";

    public BgpService {
        labels = Map.copyOf(labels);
        addresses = Map.copyOf(addresses);
        pending = Set.copyOf(pending);
    }

    /**
     * How many backends take new connections now.
     *
     * @param onNode on this node
     * @param inCluster in this cluster, those on this node among them
     * @param remote in other clusters, as they say of themselves
     */
    public record Backends(int onNode, int inCluster, Map<ClusterName, Integer> remote) {
        public static final Backends NONE = new Backends(0, 0, Map.of());

        public Backends {
            remote = Map.copyOf(remote);
        }
    }

    /** Its labels, and by the keys that Cilium has for it its name and namespace, which no label of its own replaces. */
    Map<String, String> selectable() {
        var all = new HashMap<>(labels);
        all.put(NAME, name.name());
        all.put(NAMESPACE, name.namespace());
        return all;
    }
}

package dev.tombolo.agent.mesh;

import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.peer.PeerDeclaration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which peers stay known after they have left: those that services still lead to, and those that left a moment ago. Peers, routes and ipcache entries wait
 * by themselves ({@link dev.tombolo.agent.order.RemovalOrder}); this is for what does not: the ranges in the NFT rules, the
 * followers, and the rules by which rows are believed.
 */
public final class RoutedPlan {
    private RoutedPlan() {}

    /**
     * Declared peers, and those that were declared until now and that services still lead to.
     *
     * @param before whose paths were kept so far
     * @param farewells peers that have left a moment ago
     * @param applied the services as the kernel has them
     */
    public static Map<ClusterName, PeerDeclaration> peers(
            Map<ClusterName, PeerDeclaration> declared,
            Map<ClusterName, PeerDeclaration> before,
            Set<ClusterName> farewells,
            Collection<ServiceEntry> applied) {
        var routed = new TreeMap<>(declared);
        var leaving = new TreeMap<>(before);
        leaving.keySet().removeAll(declared.keySet());
        if (!leaving.isEmpty()) {
            var served = clusters(applied);
            leaving.values()
                    .removeIf(peer -> !farewells.contains(peer.name())
                            && !served.contains(peer.id().value()));
            routed.putAll(leaving);
        }
        return routed;
    }

    private static Set<Integer> clusters(Collection<ServiceEntry> applied) {
        return applied.stream()
                .flatMap(entry -> entry.backends().stream())
                .map(ServiceBackend::clusterId)
                .collect(Collectors.toSet());
    }
}

package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A Service of type LoadBalancer whose addresses are pools', as the plan sees it.
 *
 * @param held the addresses that it has
 */
record LoadBalancerService(
        ObjectKey key,
        Instant created,
        Map<String, String> labels,
        List<IpAddress> held,
        RequestedAddresses requested,
        boolean wantsV4,
        boolean wantsV6,
        Sharing sharing) {
    /** Who comes first gets an address first. */
    static final Comparator<LoadBalancerService> AGE =
            Comparator.comparing(LoadBalancerService::created).thenComparing(LoadBalancerService::key);

    private static final String NAMESPACE = "io.kubernetes.service.namespace";
    private static final String NAME = "io.kubernetes.service.name";
    private static final Set<String> CLASSES = Set.of("io.cilium/bgp-control-plane", "io.cilium/l2-announcer");

    static LoadBalancerService of(KubeService service) {
        var balancing = service.loadBalancing();
        return new LoadBalancerService(
                service.key(),
                balancing.created().orElse(Instant.MAX),
                service.labels(),
                service.loadBalancerIps().stream().distinct().toList(),
                RequestedAddresses.of(service),
                balancing.wantsV4(),
                balancing.wantsV6(),
                Sharing.of(service));
    }

    /** Of a class that is served here, or of none. */
    static boolean isOurs(KubeService service) {
        return service.type() == KubeService.Type.LOAD_BALANCER
                && service.loadBalancing()
                        .loadBalancerClass()
                        .map(CLASSES::contains)
                        .orElse(true);
    }

    /** Whether its addresses were given by pools before, here or by Cilium. */
    static boolean wasOurs(KubeService service) {
        return service.loadBalancing().condition().isPresent();
    }

    boolean wants(boolean v4) {
        return v4 ? wantsV4 : wantsV6;
    }

    /** For selectors: the labels, and two keys that stand for where it is and what it is called. */
    UnaryOperator<String> label() {
        return label -> switch (label) {
            case NAMESPACE -> key.namespace();
            case NAME -> key.name();
            default -> labels.get(label);
        };
    }
}

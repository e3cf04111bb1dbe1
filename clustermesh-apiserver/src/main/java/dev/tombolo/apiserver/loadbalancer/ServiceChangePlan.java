package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** From allocations to what is to be written. Pure. */
final class ServiceChangePlan {
    private ServiceChangePlan() {}

    /** Whether its addresses are to be had from pools. Those that somebody else gave stay, and pools give it none then. */
    static boolean isConcerned(KubeService service, RankedAddressPools pools) {
        if (!LoadBalancerService.isOurs(service)) {
            return false;
        }
        var balancing = service.loadBalancing();
        boolean asked = balancing.loadBalancerClass().isPresent() || LoadBalancerService.wasOurs(service);
        boolean has = balancing.hasHostname() || !service.loadBalancerIps().isEmpty();
        return asked || !has || service.loadBalancerIps().stream().anyMatch(pools::contains);
    }

    static List<ServiceChange> changes(
            Collection<KubeService> services,
            RankedAddressPools pools,
            Map<ObjectKey, Allocation> allocations,
            Instant now) {
        return services.stream()
                .flatMap(service -> change(service, pools, Optional.ofNullable(allocations.get(service.key())), now))
                .filter(change -> !change.isNone())
                .toList();
    }

    private static Stream<ServiceChange> change(
            KubeService service, RankedAddressPools pools, Optional<Allocation> allocation, Instant now) {
        if (allocation.isPresent()) {
            return Stream.of(new ServiceChange(
                    service, allocation.get().addresses(), Optional.of(condition(service, allocation.get(), now))));
        }
        boolean isReleased = LoadBalancerService.wasOurs(service) && !LoadBalancerService.isOurs(service);
        return isReleased ? Stream.of(released(service, pools)) : Stream.empty();
    }

    /** What pools gave it goes back; what its new owner has given it meanwhile stays. */
    private static ServiceChange released(KubeService service, RankedAddressPools pools) {
        var others = service.loadBalancerIps().stream()
                .filter(address -> !pools.contains(address))
                .toList();
        return new ServiceChange(service, others, Optional.empty());
    }

    private static ObservedCondition condition(KubeService service, Allocation allocation, Instant now) {
        var verdict = allocation.verdict();
        return ObservedCondition.of(
                        LoadBalancing.CONDITION,
                        verdict.satisfied() ? "True" : "False",
                        service.loadBalancing().generation(),
                        verdict.reason(),
                        verdict.message())
                .after(service.loadBalancing().condition().stream().toList(), now);
    }
}

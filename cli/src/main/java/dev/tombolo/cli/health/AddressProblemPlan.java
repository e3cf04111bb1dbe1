package dev.tombolo.cli.health;

import dev.tombolo.cli.health.Health.Problem;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObservedCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is wrong with pools of addresses for services, and with services that wait for one: what their conditions say. */
final class AddressProblemPlan {
    private static final List<String> FAULTS = List.of("cilium.io/PoolConflict", "tombolo.dev/Invalid");

    private AddressProblemPlan() {}

    static List<Problem> of(List<AddressPoolObject> pools, List<KubeService> services) {
        var problems = new ArrayList<Problem>();
        for (var pool : pools) {
            pool.status().conditions().stream()
                    .filter(condition -> FAULTS.contains(condition.type()) && condition.holds())
                    .map(condition -> ofPool(pool.name(), condition))
                    .forEach(problems::add);
        }
        var byReason = services.stream()
                .filter(service -> service.loadBalancing()
                        .condition()
                        .filter(condition -> !condition.holds())
                        .isPresent())
                .collect(Collectors.groupingBy(
                        service -> condition(service).reason(), TreeMap::new, Collectors.toList()));
        byReason.values().forEach(waiting -> problems.add(ofServices(waiting)));
        return problems;
    }

    private static ObservedCondition condition(KubeService service) {
        return service.loadBalancing().condition().orElseThrow();
    }

    private static Problem ofPool(String pool, ObservedCondition condition) {
        return new Problem(
                "pool of addresses " + pool + ": " + condition.message(),
                "correct the pool: kubectl describe ciliumloadbalancerippool " + pool);
    }

    /** The first one's words; the others say the same of themselves. */
    private static Problem ofServices(List<KubeService> waiting) {
        var first = waiting.getFirst();
        String more = waiting.size() == 1 ? "" : " and " + (waiting.size() - 1) + " more";
        return new Problem(
                "service " + first.key() + more + " has no address that it asks for: "
                        + condition(first).reason() + ", " + condition(first).message(),
                fix(first));
    }

    private static String fix(KubeService service) {
        return switch (condition(service).reason()) {
            case "out_of_ips" -> "add a block to a pool, or delete services that have an address: kubectl get ippools";
            case "no_pool", "pool_selector_mismatch" ->
                "make a pool that selects it and has what it asks for: kubectl get ippools";
            default ->
                "change what it asks for: kubectl -n " + service.key().namespace() + " describe service "
                        + service.key().name() + "; condition " + LoadBalancing.CONDITION;
        };
    }
}

package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObservedCondition;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What a pool has come to, as its status says: so every copy of this process says the same, elected or not.
 *
 * @param total addresses that services can be given
 * @param conflicts whether it overlaps an older pool, or itself, and gives nothing
 */
public record AddressPoolMeasures(double total, double used, boolean conflicts) {
    /** Empty for a pool whose status nobody has written yet. */
    public static Optional<AddressPoolMeasures> of(AddressPoolObject pool) {
        var total = number(pool, AddressPoolStatusPlan.TOTAL);
        var used = number(pool, AddressPoolStatusPlan.USED);
        boolean conflicts = condition(pool, AddressPoolStatusPlan.CONFLICT)
                .filter(condition -> condition.status().equals("True"))
                .isPresent();
        return total.flatMap(all -> used.map(some -> new AddressPoolMeasures(all, some, conflicts)));
    }

    /** Whether a service asks for an address and got none, or not all. */
    public static boolean isPending(KubeService service) {
        return service.type() == KubeService.Type.LOAD_BALANCER
                && service.loadBalancing()
                        .condition()
                        .filter(condition -> condition.type().equals(LoadBalancing.CONDITION))
                        .filter(condition -> condition.status().equals("False"))
                        .isPresent();
    }

    private static Optional<Double> number(AddressPoolObject pool, String type) {
        return condition(pool, type)
                .map(ObservedCondition::message)
                .filter(text -> text.matches("\\d{1,39}"))
                .map(text -> new BigInteger(text).doubleValue());
    }

    private static Optional<ObservedCondition> condition(AddressPoolObject pool, String type) {
        return pool.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}

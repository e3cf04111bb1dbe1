package dev.tombolo.kube.object;

import dev.tombolo.model.loadbalancer.AddressPoolReading;
import dev.tombolo.model.loadbalancer.AddressPoolSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A CiliumLoadBalancerIPPool as it was written; {@link #reading} says whether it can be meant. */
public record AddressPoolObject(
        String name, String uid, long generation, Optional<Instant> created, AddressPoolSpec spec, Status status) {
    private static final AddressPoolSpec NOTHING = new AddressPoolSpec(null, null, null, false);

    public AddressPoolObject {
        uid = Text.orEmpty(uid);
        created = Text.orEmpty(created);
        spec = spec == null ? NOTHING : spec;
        status = status == null ? Status.EMPTY : status;
    }

    /** A pool that is refused is a row like any other, so that its status can say why. */
    public AddressPoolReading reading() {
        return AddressPoolReading.of(name, created.orElse(Instant.MAX), spec);
    }

    /** What is known of it, all of it as conditions. */
    public record Status(List<ObservedCondition> conditions) {
        public static final Status EMPTY = new Status(List.of());

        public Status {
            conditions = Text.orEmpty(conditions);
        }
    }
}

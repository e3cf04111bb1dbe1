package dev.tombolo.kube.object;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.loadbalancer.AddressPoolReading;
import dev.tombolo.model.loadbalancer.AddressPoolSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A CiliumLoadBalancerIPPool as it was written; {@link #reading} says whether it can be meant.
 *
 * @param unreadable why the spec is empty, where it is not of the published schema
 */
public record AddressPoolObject(
        String name,
        String uid,
        long generation,
        Optional<Instant> created,
        AddressPoolSpec spec,
        Optional<Invalid> unreadable,
        Status status) {
    private static final AddressPoolSpec NOTHING = new AddressPoolSpec(null, null, null, false);

    public AddressPoolObject {
        uid = Text.orEmpty(uid);
        created = Text.orEmpty(created);
        spec = spec == null ? NOTHING : spec;
        unreadable = Text.orEmpty(unreadable);
        status = status == null ? Status.EMPTY : status;
    }

    /** A pool that is refused is a row like any other, so that its status can say why. */
    public AddressPoolReading reading() {
        return unreadable
                .map(why -> new AddressPoolReading(name, Optional.empty(), List.of(why)))
                .orElseGet(() -> AddressPoolReading.of(name, created.orElse(Instant.MAX), spec));
    }

    /** What is known of it, all of it as conditions. */
    public record Status(List<ObservedCondition> conditions) {
        public static final Status EMPTY = new Status(List.of());

        public Status {
            conditions = Text.orEmpty(conditions);
        }
    }
}

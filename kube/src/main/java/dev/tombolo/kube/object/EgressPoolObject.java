package dev.tombolo.kube.object;

import dev.tombolo.model.egress.EgressPoolReading;
import dev.tombolo.model.egress.EgressPoolSpec;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An EgressIPPool as it was written; {@link #reading} says whether it can be meant. */
public record EgressPoolObject(
        String name,
        String uid,
        long generation,
        Optional<Instant> created,
        Map<String, String> labels,
        EgressPoolSpec spec,
        Status status) {
    private static final EgressPoolSpec NOTHING = new EgressPoolSpec(null, null, null);

    public EgressPoolObject {
        uid = Text.orEmpty(uid);
        created = Text.orEmpty(created);
        labels = Text.orEmpty(labels);
        spec = spec == null ? NOTHING : spec;
        status = status == null ? Status.EMPTY : status;
    }

    /** Without labels. */
    public EgressPoolObject(
            String name, String uid, long generation, Optional<Instant> created, EgressPoolSpec spec, Status status) {
        this(name, uid, generation, created, Map.of(), spec, status);
    }

    /**
     * A pool that is refused is a row like any other, so that its status can say why.
     *
     * @param pods the ranges of the cluster's pods
     */
    public EgressPoolReading reading(Collection<Prefix> pods) {
        return EgressPoolReading.of(name, created.orElse(Instant.MAX), spec, pods);
    }

    /**
     * What is known of it.
     *
     * @param ranges its ranges in one line
     * @param total how many addresses it can give
     * @param used how many of them policies use
     */
    public record Status(long observedGeneration, String ranges, long total, long used, List<Condition> conditions) {
        public static final Status EMPTY = new Status(0, "", 0, 0, List.of());

        public Status {
            ranges = Text.orEmpty(ranges);
            conditions = Text.orEmpty(conditions);
        }
    }
}

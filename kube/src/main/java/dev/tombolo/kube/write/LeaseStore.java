package dev.tombolo.kube.write;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** One Lease object; writes are refused when somebody else wrote since it was read. */
class LeaseStore {
    private final KubernetesClient client;
    private final ObjectKey key;

    LeaseStore(KubernetesClient client, ObjectKey key) {
        this.client = client;
        this.key = key;
    }

    /**
     * A Lease as it was read.
     *
     * @param holder empty when it was given up
     * @param version what a write has to name
     */
    record Held(String holder, Instant renewed, Duration lasts, int transitions, String version) {}

    Optional<Held> read() throws IOException {
        var lease = KubeCall.call(
                "reading Lease " + key,
                () -> client.leases()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get());
        return Optional.ofNullable(lease).map(LeaseStore::held);
    }

    /** False when somebody else was first. An empty version creates. */
    boolean write(Held held) throws IOException {
        var lease = lease(held);
        boolean create = held.version().isEmpty();
        return KubeCall.unlessConflict("update of Lease " + key, () -> {
            var resource = client.leases().inNamespace(key.namespace()).resource(lease);
            Object written = create
                    ? resource.create()
                    : resource.lockResourceVersion(held.version()).update();
            java.util.Objects.requireNonNull(written);
        });
    }

    private static Held held(Lease lease) {
        var spec = lease.getSpec();
        return new Held(
                spec.getHolderIdentity() == null ? "" : spec.getHolderIdentity(),
                spec.getRenewTime() == null
                        ? Instant.EPOCH
                        : spec.getRenewTime().toInstant(),
                Duration.ofSeconds(spec.getLeaseDurationSeconds() == null ? 0 : spec.getLeaseDurationSeconds()),
                spec.getLeaseTransitions() == null ? 0 : spec.getLeaseTransitions(),
                lease.getMetadata().getResourceVersion());
    }

    private Lease lease(Held held) {
        var renewed = ZonedDateTime.ofInstant(held.renewed().truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
        return new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(key.namespace())
                .withName(key.name())
                .withResourceVersion(held.version().isEmpty() ? null : held.version())
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(held.holder())
                .withRenewTime(renewed)
                .withLeaseDurationSeconds((int) Math.max(1, held.lasts().toSeconds()))
                .withLeaseTransitions(held.transitions())
                .endSpec()
                .build();
    }
}

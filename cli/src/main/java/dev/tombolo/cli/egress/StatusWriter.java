package dev.tombolo.cli.egress;

import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ObjectKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The mesh API server, as far as it keeps the status of policies true: what it wrote stays when it is gone.
 *
 * @param enabled whether there is to be one
 * @param alive when the elected replica last renewed its Lease
 */
record StatusWriter(boolean enabled, Optional<Instant> alive) {
    /** It renews every few seconds; the next replica takes over well within this time. */
    private static final Duration SILENT = Duration.ofSeconds(60);

    static StatusWriter read(KubeApi api) throws IOException {
        return new StatusWriter(
                api.writes().mesh().clusterMesh().isPresent(),
                api.reads().renewed(new ObjectKey(Manifests.NAMESPACE, Manifests.APISERVER)));
    }

    /** Why the status of policies is not known to be true any more; empty while it is. */
    Optional<String> silence(Instant now) {
        if (enabled && alive.filter(last -> last.plus(SILENT).isAfter(now)).isPresent()) {
            return Optional.empty();
        }
        String since = alive.map(last -> " since " + last.truncatedTo(ChronoUnit.SECONDS))
                .orElse("");
        return Optional.of("status not updated" + since + ": "
                + (enabled
                        ? "the mesh API server does not answer; see tombolo clustermesh status"
                        : "there is no mesh API server; run: tombolo clustermesh enable"));
    }
}

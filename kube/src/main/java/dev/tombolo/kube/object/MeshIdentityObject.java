package dev.tombolo.kube.object;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A security identity of this cluster.
 *
 * @param labels with their source, {@code k8s:app → web}
 */
public record MeshIdentityObject(long id, Map<String, String> labels, Optional<Instant> created) {
    public MeshIdentityObject {
        labels = Text.orEmpty(labels);
        created = Text.orEmpty(created);
    }
}

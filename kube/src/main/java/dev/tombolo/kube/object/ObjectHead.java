package dev.tombolo.kube.object;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What every object says of itself. */
public record ObjectHead(
        String name,
        String uid,
        long generation,
        Optional<Instant> created,
        Map<String, String> labels,
        Map<String, String> annotations) {
    public ObjectHead {
        uid = Text.orEmpty(uid);
        created = Text.orEmpty(created);
        labels = Text.orEmpty(labels);
        annotations = Text.orEmpty(annotations);
    }

    /** An object that does not say when it was made is younger than all others. */
    public Instant createdOrLast() {
        return created.orElse(Instant.MAX);
    }
}

package dev.tombolo.kube.object;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;

/**
 * A condition in the status of an object of Kubernetes' own or of Cilium's, which say of which generation it is.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 */
public record ObservedCondition(
        String type,
        String status,
        long observedGeneration,
        String reason,
        String message,
        Optional<Instant> lastTransitionTime) {
    public ObservedCondition {
        type = Text.orEmpty(type);
        status = Text.orEmpty(status);
        reason = Text.orEmpty(reason);
        message = Text.orEmpty(message);
        lastTransitionTime = Text.orEmpty(lastTransitionTime);
    }

    public boolean holds() {
        return status.equals("True");
    }

    /** The same since when it says so, if an earlier one said so already. */
    public ObservedCondition after(Collection<ObservedCondition> earlier, Instant now) {
        var since = earlier.stream()
                .filter(other -> other.type.equals(type) && other.status.equals(status))
                .findFirst()
                .flatMap(ObservedCondition::lastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS));
        return new ObservedCondition(type, status, observedGeneration, reason, message, Optional.of(since));
    }

    /** Of a moment that {@link #after} finds out. */
    public static ObservedCondition of(
            String type, String status, long observedGeneration, String reason, String message) {
        return new ObservedCondition(type, status, observedGeneration, reason, message, Optional.empty());
    }
}

package dev.tombolo.kube.object;

import java.time.Instant;
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

    /** Whether they differ at most in the time. */
    public boolean saysTheSameAs(ObservedCondition other) {
        return equals(new ObservedCondition(
                other.type, other.status, other.observedGeneration, other.reason, other.message, lastTransitionTime));
    }
}

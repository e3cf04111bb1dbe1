package dev.tombolo.kube.object;

import java.time.Instant;
import java.util.Optional;

/**
 * A condition in an object's status.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one CamelCase word
 */
public record Condition(
        String type, String status, String reason, String message, Optional<Instant> lastTransitionTime) {
    public Condition {
        type = Text.orEmpty(type);
        status = Text.orEmpty(status);
        reason = Text.orEmpty(reason);
        message = Text.orEmpty(message);
        lastTransitionTime = lastTransitionTime == null ? Optional.empty() : lastTransitionTime;
    }

    public static Condition of(String type, boolean holds, String reason, String message, Instant since) {
        return new Condition(type, holds ? "True" : "False", reason, message, Optional.of(since));
    }

    public boolean holds() {
        return status.equals("True");
    }
}

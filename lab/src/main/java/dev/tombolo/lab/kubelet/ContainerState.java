package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where a container is in its life. */
sealed interface ContainerState {
    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant since) implements ContainerState {}

    record Terminated(int code, String reason, Instant started, Instant finished) implements ContainerState {}

    default io.fabric8.kubernetes.api.model.ContainerState asObject() {
        ContainerStateBuilder builder = new ContainerStateBuilder();
        return switch (this) {
            case Waiting(var reason, var message) ->
                builder.withNewWaiting(message, reason).build();
            case Running(var since) -> builder.withNewRunning(time(since)).build();
            case Terminated t ->
                builder.withNewTerminated()
                        .withExitCode(t.code())
                        .withReason(t.reason())
                        .withStartedAt(time(t.started()))
                        .withFinishedAt(time(t.finished()))
                        .endTerminated()
                        .build();
        };
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}

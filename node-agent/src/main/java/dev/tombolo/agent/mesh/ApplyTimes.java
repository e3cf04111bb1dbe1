package dev.tombolo.agent.mesh;

import java.time.Duration;

/** Told how long a change took from where the agent first saw it to the kernel. */
@FunctionalInterface
public interface ApplyTimes {
    void took(String table, Duration time);
}

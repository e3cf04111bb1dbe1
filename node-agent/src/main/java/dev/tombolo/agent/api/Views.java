package dev.tombolo.agent.api;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the agent's API shows; the API knows nothing else of the agent. */
public interface Views {
    Map<String, Supplier<String>> tables();

    String status();

    Flows flows();

    /** Why the agent is not ready; empty when it is. */
    Optional<String> notReady();
}

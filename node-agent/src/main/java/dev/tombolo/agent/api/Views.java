package dev.tombolo.agent.api;

import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.ServiceView;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the agent's API shows; the API knows nothing else of the agent. */
public interface Views {
    Map<String, Supplier<String>> tables();

    String status();

    Flows flows();

    /** How this node serves a service, or why it does not. */
    ServiceView service(ServiceName name) throws IOException;

    /** What this node tells routers. */
    RoutesView routes(RoutesQuestion question);

    /** Why the agent is not ready; empty when it is. */
    Optional<String> notReady();
}

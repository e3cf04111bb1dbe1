package dev.tombolo.agent.wiring;

import dev.tombolo.agent.service.ServedService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** {@code /ready} for the kubelet, and the agent's own metrics. */
@Controller
@Requires(missingProperty = Training.PROPERTY)
final class HealthEndpoints {
    private final Agent agent;

    HealthEndpoints(Agent agent, MeterRegistry metrics) {
        this.agent = agent;
        gauge(
                metrics,
                "tombolo_remote_nodes",
                "nodes of other clusters",
                () -> agent.tables.believed.nodes().snapshot().size());
        gauge(
                metrics,
                "tombolo_remote_endpoints",
                "addresses of other clusters",
                () -> agent.tables.believed.endpoints().snapshot().size());
        gauge(
                metrics,
                "tombolo_paths",
                "remote addresses whose path is in place",
                () -> agent.tables.paths.snapshot().size());
        gauge(
                metrics,
                "tombolo_global_services",
                "global services of this cluster",
                () -> agent.tables
                        .services
                        .snapshot()
                        .values()
                        .filter(ServedService::global)
                        .count());
        gauge(
                metrics,
                "tombolo_services_without_table",
                "addresses of services with many or weighted backends that have a plain list, for want of service slots",
                () -> agent.services.withoutTable());
        gauge(
                metrics,
                "tombolo_peers",
                "nodes of other clusters in the tunnel",
                () -> agent.tables.peers.snapshot().size());
        agent.loops().forEach((name, loop) -> {
            Gauge.builder("tombolo_failures", () -> loop.failures().size())
                    .tag("table", name)
                    .description("rows that could not be applied")
                    .register(metrics);
            Gauge.builder("tombolo_operations", loop::operations)
                    .tag("table", name)
                    .description("puts and removals made")
                    .register(metrics);
        });
    }

    @Get(value = "/ready", produces = MediaType.TEXT_PLAIN)
    HttpResponse<String> ready() {
        return agent.ready()
                ? HttpResponse.ok("Ready\n")
                : HttpResponse.serverError(
                        "NotReady\n" + agent.attachFailure().orElse("waiting for the first tables") + "\n");
    }

    private static void gauge(
            MeterRegistry metrics, String name, String what, java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value).description(what).register(metrics);
    }
}

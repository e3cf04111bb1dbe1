package dev.tombolo.apiserver;

import dev.tombolo.kube.object.Counts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** {@code /ready} for the kubelet, and the process's own metrics. */
@Controller
@Requires(missingProperty = Training.PROPERTY)
final class HealthEndpoints {
    private final ApiServer server;

    HealthEndpoints(ApiServer server, MeterRegistry metrics) {
        this.server = server;
        published(metrics, "nodes", Counts::nodes);
        published(metrics, "identities", Counts::identities);
        published(metrics, "endpoints", Counts::endpoints);
        published(metrics, "services", Counts::services);
        Gauge.builder("tombolo_peers", server, s -> s.peers().snapshot().size())
                .description("declared peers")
                .register(metrics);
        Gauge.builder(
                        "tombolo_peers_fresh",
                        server,
                        s -> s.peers()
                                .snapshot()
                                .values()
                                .filter(peer -> peer.status().connected())
                                .count())
                .description("peers that are connected and up to date")
                .register(metrics);
    }

    @Get(value = "/ready", produces = MediaType.TEXT_PLAIN)
    HttpResponse<String> ready() {
        List<String> problems = server.problems();
        String text = (server.ready() ? "Ready" : "NotReady")
                + (problems.isEmpty() ? "" : "\n" + String.join("\n", problems)) + "\n";
        return server.ready() ? HttpResponse.ok(text) : HttpResponse.serverError(text);
    }

    private void published(MeterRegistry metrics, String kind, ToDoubleFunction<Counts> count) {
        Gauge.builder("tombolo_published", server, s -> count.applyAsDouble(s.published()))
                .tag("kind", kind)
                .description("objects of this cluster in etcd")
                .register(metrics);
    }
}

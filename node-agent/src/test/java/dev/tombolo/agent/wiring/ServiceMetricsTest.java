package dev.tombolo.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.service.Backend;
import dev.tombolo.agent.service.BackendSet;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceMetricsTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final Frontend HTTP = new Frontend(SocketEndpoint.parse("10.96.0.1:80"), Protocol.TCP);
    private static final Frontend HTTPS = new Frontend(SocketEndpoint.parse("10.96.0.1:443"), Protocol.TCP);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ServiceMetrics metrics = new ServiceMetrics(WEST, registry);
    private final Table<ServiceName, ServedService> services = new Table<>("services");

    @Test
    void anAddressCountsOnceForAServiceWhateverPortsItHas() {
        service(
                "web",
                Map.of(
                        HTTP,
                                new BackendSet(
                                        backends("10.1.0.1:80", "10.1.0.2:80", "10.2.0.1:80"),
                                        List.of(),
                                        backends("10.2.0.9:80")),
                        HTTPS, new BackendSet(backends("10.1.0.1:443"), backends("10.1.0.3:443"), List.of())));
        metrics.refresh(services.snapshot(), Map.of(HTTP, 3, HTTPS, 2));
        assertThat(shown())
                .isEqualTo(Map.ofEntries(
                        Map.entry("tombolo_served_services", 1.0),
                        Map.entry("tombolo_service_series_withheld", 0.0),
                        Map.entry("tombolo_service_connections shop/web", 5.0),
                        Map.entry("tombolo_service_backends local shop/web active", 2.0),
                        Map.entry("tombolo_service_backends local shop/web draining", 1.0),
                        Map.entry("tombolo_service_backends remote shop/web active", 1.0),
                        Map.entry("tombolo_service_backends remote shop/web dead", 1.0),
                        Map.entry("tombolo_backends local active", 2.0),
                        Map.entry("tombolo_backends local draining", 1.0),
                        Map.entry("tombolo_backends remote active", 1.0),
                        Map.entry("tombolo_backends remote dead", 1.0)));
    }

    @Test
    void aServiceWithoutBackendsIsSeen() {
        service("web", Map.of(HTTP, new BackendSet(List.of(), List.of(), List.of())));
        metrics.refresh(services.snapshot(), Map.of());
        assertThat(shown()).containsEntry("tombolo_service_backends local shop/web active", 0.0);
    }

    @Test
    void aServiceThatIsGoneTakesItsSeriesAlong() {
        service("web", Map.of(HTTP, new BackendSet(backends("10.1.0.1:80"), List.of(), List.of())));
        metrics.refresh(services.snapshot(), Map.of());
        services.remove(new ServiceName("shop", "web"));
        metrics.refresh(services.snapshot(), Map.of());
        assertThat(shown().keySet()).noneMatch(name -> name.contains("shop/web"));
    }

    @Test
    void thereAreNoMoreSeriesThanThousandServicesMake() {
        for (int i = 0; i < ServiceMetrics.MOST + 234; i++) {
            service(
                    "web-%05d".formatted(i),
                    Map.of(HTTP, new BackendSet(backends("10.1.0.1:80"), List.of(), List.of())));
        }
        metrics.refresh(services.snapshot(), Map.of());
        assertThat(shown())
                .containsEntry("tombolo_backends local active", ServiceMetrics.MOST + 234.0)
                .containsEntry("tombolo_service_series_withheld", 234.0)
                .containsKey("tombolo_service_connections shop/web-00999")
                .doesNotContainKey("tombolo_service_connections shop/web-01000");
        assertThat(registry.getMeters()).hasSizeLessThan(4 * ServiceMetrics.MOST);
    }

    private Map<String, Double> shown() {
        var shown = new TreeMap<String, Double>();
        registry.getMeters().forEach(meter -> {
            var labels = meter.getId().getTags().stream()
                    .map(tag -> " " + tag.getValue())
                    .toList();
            shown.put(
                    meter.getId().getName() + String.join("", labels),
                    meter.measure().iterator().next().getValue());
        });
        return shown;
    }

    private void service(String name, Map<Frontend, BackendSet> ports) {
        var full = new ServiceName("shop", name);
        services.put(full, new ServedService(full, Optional.empty(), true, Affinity.NONE, true, ports, 0));
    }

    /** Those of 10.2.0.0/16 are of another cluster. */
    private static List<Backend> backends(String... endpoints) {
        return Arrays.stream(endpoints)
                .map(endpoint -> {
                    boolean remote = endpoint.startsWith("10.2.");
                    return new Backend(
                            remote ? new ClusterName("east") : WEST, remote ? 2 : 1, SocketEndpoint.parse(endpoint));
                })
                .toList();
    }
}

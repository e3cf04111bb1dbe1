package dev.tombolo.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.reconciler.table.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AddressMetricsTest {
    private final Table<String, AddressPoolObject> pools = new Table<>("pools");
    private final Table<ObjectKey, KubeService> services = new Table<>("services");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AddressMetrics metrics = new AddressMetrics(pools, services, registry);

    @Test
    void poolsSayWhatTheyHaveAndWhatIsTaken() {
        pool("front", "cilium.io/IPsTotal=3", "cilium.io/IPsUsed=2", "cilium.io/PoolConflict:False");
        pool("wide", "cilium.io/IPsTotal=18446744073709551616", "cilium.io/IPsUsed=0", "cilium.io/PoolConflict:True");
        pool("new");
        pool("odd", "cilium.io/IPsTotal=many", "cilium.io/IPsUsed=0");
        metrics.refresh();
        assertThat(shown())
                .isEqualTo(Map.of(
                        "tombolo_lb_pool_addresses front", 3.0,
                        "tombolo_lb_pool_addresses_used front", 2.0,
                        "tombolo_lb_pool_conflict front", 0.0,
                        "tombolo_lb_pool_addresses wide", 18_446_744_073_709_551_616.0,
                        "tombolo_lb_pool_addresses_used wide", 0.0,
                        "tombolo_lb_pool_conflict wide", 1.0,
                        "tombolo_lb_services_pending", 0.0));
    }

    @Test
    void aPoolThatIsGoneTakesItsSeriesAlong() {
        pool("front", "cilium.io/IPsTotal=3", "cilium.io/IPsUsed=2");
        metrics.refresh();
        pools.remove("front");
        metrics.refresh();
        assertThat(shown().keySet()).containsExactly("tombolo_lb_services_pending");
    }

    @Test
    void servicesThatWaitForAnAddressAreCounted() {
        service("waits", KubeService.Type.LOAD_BALANCER, "False");
        service("has", KubeService.Type.LOAD_BALANCER, "True");
        service("no-longer-asks", KubeService.Type.CLUSTER_IP, "False");
        assertThat(shown()).containsEntry("tombolo_lb_services_pending", 1.0);
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

    /** @param conditions as {@code TYPE=MESSAGE} or {@code TYPE:STATUS} */
    private void pool(String name, String... conditions) {
        var said = Arrays.stream(conditions).map(AddressMetricsTest::condition).toList();
        pools.put(
                name,
                new AddressPoolObject(
                        name, "", 1, Optional.empty(), null, Optional.empty(), new AddressPoolObject.Status(said)));
    }

    private static ObservedCondition condition(String text) {
        var words = text.split("[=:]");
        return text.contains("=")
                ? ObservedCondition.of(words[0], "Unknown", 1, "noreason", words[1])
                : ObservedCondition.of(words[0], words[1], 1, "resolved", "");
    }

    private void service(String name, KubeService.Type type, String satisfied) {
        var key = new ObjectKey("shop", name);
        var balancing = new LoadBalancing(
                Optional.empty(),
                1,
                Optional.empty(),
                Optional.empty(),
                true,
                false,
                false,
                false,
                Optional.of(ObservedCondition.of(LoadBalancing.CONDITION, satisfied, 1, "out_of_ips", "")));
        services.put(
                key,
                new KubeService(
                        key, "", Map.of(), Map.of(), type, List.of(), List.of(), List.of(), Map.of(), false, false, 0,
                        balancing));
    }
}

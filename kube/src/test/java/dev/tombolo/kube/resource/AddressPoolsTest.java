package dev.tombolo.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.loadbalancer.AddressBlock;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pools of addresses for services as people write them for Cilium. */
class AddressPoolsTest {
    private final List<Invalid> invalid = new ArrayList<>();

    @Test
    void readsEveryField() {
        var pool = read("""
                kind: CiliumLoadBalancerIPPool
                metadata: {name: blue-pool, uid: u, generation: 3, creationTimestamp: '2026-01-02T03:04:05Z'}
                spec:
                  blocks: [{cidr: 192.0.2.0/28}, {start: 198.51.100.100, stop: 198.51.100.200}, {start: '2001:db8::4'}]
                  serviceSelector: {matchLabels: {io.kubernetes.service.namespace: tenant-a}}
                  allowFirstLastIPs: "No"
                  disabled: true
                """);
        var meant = pool.reading().pool().orElseThrow();
        assertThat(meant.name()).isEqualTo("blue-pool");
        assertThat(meant.created()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(meant.blocks())
                .extracting(AddressBlock::free)
                .hasToString("[192.0.2.1-192.0.2.14, 198.51.100.100-198.51.100.200, 2001:db8::4]");
        assertThat(meant.services()).isEqualTo(LabelSelector.of(Map.of("io.kubernetes.service.namespace", "tenant-a")));
        assertThat(meant.disabled()).isTrue();
        assertThat(pool.generation()).isEqualTo(3);
        assertThat(invalid).isEmpty();
    }

    @Test
    void whatCannotBeMeantIsCountedAndTheRestIsThere() {
        var pool = read("""
                kind: CiliumLoadBalancerIPPool
                metadata: {name: blue}
                spec: {blocks: [{cidr: 127.0.0.0/8}, {cidr: 192.0.2.0/30}]}
                """);
        assertThat(invalid).extracting(Invalid::reason).containsExactly(Invalid.Reason.ADDRESS_FORBIDDEN);
        assertThat(pool.reading().pool().orElseThrow().size()).isEqualTo(4);
    }

    /** A row that went would take the pool's addresses from all services. */
    @Test
    void aPoolWithAFieldOfTheWrongTypeIsThereAndSaysSo() {
        var pool = read("kind: CiliumLoadBalancerIPPool\nmetadata: {name: blue, generation: 4}\nspec: {blocks: 5}\n");
        assertThat(invalid).extracting(Invalid::where).containsExactly("CiliumLoadBalancerIPPool blue");
        assertThat(pool.generation()).isEqualTo(4);
        assertThat(pool.reading().pool()).isEmpty();
        assertThat(pool.reading().refused()).isEqualTo(invalid);
    }

    @Test
    void aStatusComesBackAsItWasWritten() {
        var status = new AddressPoolObject.Status(List.of(new ObservedCondition(
                "cilium.io/IPsTotal",
                "Unknown",
                3,
                "noreason",
                "18446744073709551616",
                Optional.of(Instant.parse("2026-01-02T03:04:05Z")))));
        var object = CustomObjects.object(CustomKinds.ADDRESS_POOL, "blue", Map.of());
        object.setAdditionalProperty("status", CustomObjects.json(status));
        assertThat(object.getApiVersion()).isEqualTo("cilium.io/v2");
        assertThat(CustomObjects.addressPool(object, invalid::add).orElseThrow().status())
                .isEqualTo(status);
    }

    private AddressPoolObject read(String yaml) {
        return CustomObjects.addressPool(object(yaml), invalid::add).orElseThrow();
    }

    private static GenericKubernetesResource object(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }
}

package dev.tombolo.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestDifferenceTest {
    private static final Map<String, Object> ROLLING =
            Map.of("strategy", Map.of("type", "RollingUpdate", "rollingUpdate", Map.of("maxSurge", 1)), "replicas", 1);

    @Test
    void whatTheManifestDoesNotNameStays() {
        assertThat(ManifestDifference.of(ROLLING, Map.of("replicas", 1))).isEmpty();
        assertThat(ManifestDifference.of(ROLLING, Map.of("replicas", 2))).isEqualTo(Map.of("replicas", 2));
    }

    @Test
    void whatIsNullInTheManifestGoes() {
        var manifest = new HashMap<String, Object>();
        manifest.put("type", "Recreate");
        manifest.put("rollingUpdate", null);
        assertThat(ManifestDifference.of(ROLLING, Map.of("strategy", manifest)))
                .isEqualTo(Map.of("strategy", manifest));
        assertThat(ManifestDifference.of(Map.of("type", "Recreate"), manifest)).isEmpty();
    }

    /** As manifests are read: nothing may drop the null on the way. */
    @Test
    void aNullOfTheTextIsOneOfTheObject() {
        var serialization = new KubernetesSerialization();
        var object = serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: server}
                spec: {strategy: {type: Recreate, rollingUpdate: null}}
                """, GenericKubernetesResource.class);
        var spec = (Map<?, ?>) serialization.convertValue(object, Map.class).get("spec");
        assertThat(((Map<?, ?>) spec.get("strategy")).keySet().toArray())
                .as(Arrays.asList(spec).toString())
                .containsExactlyInAnyOrder("type", "rollingUpdate");
    }
}

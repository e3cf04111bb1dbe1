package dev.tombolo.kube.write;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** ConfigMaps as text by key. */
public final class ConfigMaps {
    private final KubernetesClient client;

    ConfigMaps(KubernetesClient client) {
        this.client = client;
    }

    public Optional<Map<String, String>> read(ObjectKey key) throws IOException {
        var map = KubeCall.call(
                "reading ConfigMap " + key,
                () -> client.configMaps()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get());
        return Optional.ofNullable(map).map(found -> found.getData() == null ? Map.of() : Map.copyOf(found.getData()));
    }
}

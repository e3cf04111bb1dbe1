package dev.tombolo.kube.write;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Secrets as bytes by key. No message of a failure holds their content. */
public final class Secrets {
    private final KubernetesClient client;

    Secrets(KubernetesClient client) {
        this.client = client;
    }

    public Optional<Map<String, byte[]>> read(ObjectKey key) throws IOException {
        var secret = KubeCall.call("reading Secret " + key, () -> resource(key).get());
        return Optional.ofNullable(secret).map(Secrets::bytes);
    }

    /** False when there is one already; then read it and use that. */
    public boolean createIfAbsent(ObjectKey key, Map<String, byte[]> data) throws IOException {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(key.namespace())
                .withName(key.name())
                .addToLabels("app.kubernetes.io/managed-by", "tombolo")
                .endMetadata()
                .withType("Opaque")
                .withData(encoded(data))
                .build();
        return KubeCall.unlessConflict(
                "creation of Secret " + key, () -> client.resource(secret).create());
    }

    /** Replaces all data, or creates it. */
    public void put(ObjectKey key, Map<String, byte[]> data) throws IOException {
        if (!createIfAbsent(key, data)) {
            KubeCall.call(
                    "update of Secret " + key,
                    () -> resource(key)
                            .edit(secret -> new SecretBuilder(secret)
                                    .withData(encoded(data))
                                    .build()));
        }
    }

    public void delete(ObjectKey key) throws IOException {
        KubeCall.call("deletion of Secret " + key, () -> resource(key).delete());
    }

    private Resource<Secret> resource(ObjectKey key) {
        return client.secrets().inNamespace(key.namespace()).withName(key.name());
    }

    private static Map<String, byte[]> bytes(Secret secret) {
        var data = new LinkedHashMap<String, byte[]>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((name, text) -> data.put(name, Base64.getDecoder().decode(text)));
        }
        return data;
    }

    private static Map<String, String> encoded(Map<String, byte[]> data) {
        var encoded = new LinkedHashMap<String, String>();
        data.forEach((name, bytes) -> encoded.put(name, Base64.getEncoder().encodeToString(bytes)));
        return encoded;
    }
}

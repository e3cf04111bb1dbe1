package dev.tombolo.apiserver;

import dev.tombolo.apiserver.certificates.MeshCertificates.SecretStore;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.write.Secrets;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The Secrets of one namespace, by name. */
record NamespacedSecrets(Secrets secrets, String namespace) implements SecretStore {
    @Override
    public Optional<Map<String, byte[]>> read(String name) throws IOException {
        return secrets.read(new ObjectKey(namespace, name));
    }

    @Override
    public boolean createIfAbsent(String name, Map<String, byte[]> data) throws IOException {
        return secrets.createIfAbsent(new ObjectKey(namespace, name), data);
    }

    @Override
    public void put(String name, Map<String, byte[]> data) throws IOException {
        secrets.put(new ObjectKey(namespace, name), data);
    }
}

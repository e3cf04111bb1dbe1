package dev.tombolo.kube.write;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Whole manifests, for the command line. */
public final class Manifested {
    private final KubernetesClient client;

    Manifested(KubernetesClient client) {
        this.client = client;
    }

    String address() {
        return client.getMasterUrl().toString();
    }
}

package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.controller.Pulse;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.function.Supplier;

/** Tells the API server how a pod is, whenever it is told that this may have changed. */
final class PodStatusWriter implements AutoCloseable {
    private static final int NOT_FOUND = 404;
    private final KubernetesClient client;
    private final Pod pod;
    private final Supplier<PodStatus> status;
    private final Pulse pulse;
    private String written = "";

    PodStatusWriter(KubernetesClient client, Pod pod, Supplier<PodStatus> status) {
        this.client = client;
        this.pod = pod;
        this.status = status;
        pulse = new Pulse("status-" + pod.getMetadata().getName(), this::write);
    }

    void start() {
        pulse.start();
    }

    void mark() {
        pulse.mark();
    }

    private void write() {
        String text = Serialization.asJson(Map.of("status", status.get()));
        if (text.equals(written)) {
            return;
        }
        try {
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), text);
            written = text;
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != NOT_FOUND) {
                throw refused;
            }
        }
    }

    @Override
    public void close() {
        pulse.close();
    }
}

package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A container of every pod with a label {@code app}, killed with SIGKILL.
 *
 * @param restarts how often it had been started again before that, by pod
 */
record KilledContainers(MeshLab lab, int cluster, String container, Map<String, Integer> restarts) {
    static KilledContainers kill(MeshLab lab, int cluster, String app, String container) {
        Map<String, Integer> restarts = lab.shop.pods(cluster, MeshLab.SYSTEM, app).stream()
                .collect(Collectors.toMap(
                        pod -> pod,
                        pod -> status(lab, cluster, pod, container)
                                .path("restartCount")
                                .asInt()));
        lab.signal("kill", cluster, app, container);
        return new KilledContainers(lab, cluster, container, restarts);
    }

    /** Waits until each has another process, and that one is ready. */
    void awaitBack() {
        restarts.forEach((pod, before) -> MeshLab.await(
                container + " of " + pod + " in cluster" + cluster + " to be back", () -> isBack(pod, before)));
    }

    private boolean isBack(String pod, int before) {
        JsonNode now = status(lab, cluster, pod, container);
        return now.path("restartCount").asInt() > before && now.path("ready").asBoolean();
    }

    private static JsonNode status(MeshLab lab, int cluster, String pod, String container) {
        for (JsonNode status :
                lab.get(cluster, "-n", MeshLab.SYSTEM, "pod", pod).at("/status/containerStatuses")) {
            if (status.path("name").asText().equals(container)) {
                return status;
            }
        }
        throw new IllegalStateException(pod + " has no status of a container " + container);
    }
}

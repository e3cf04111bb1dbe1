package dev.tombolo.kube.write;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How far Deployments and DaemonSets have come, and what holds their pods up. */
public final class Workloads {
    private final KubernetesClient client;

    Workloads(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The state of a rollout.
     *
     * @param ready pods of the newest version that are ready
     */
    public record Rollout(int desired, int ready, boolean observed) {
        public boolean complete() {
            return observed && ready >= desired;
        }
    }

    /**
     * A pod that is not ready.
     *
     * @param cause what the kubelet says
     */
    public record Waiting(String pod, String node, String cause) {}

    public Optional<Rollout> daemonSet(ObjectKey key) throws IOException {
        var set = KubeCall.call(
                "reading DaemonSet " + key,
                () -> client.apps()
                        .daemonSets()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get());
        return Optional.ofNullable(set).map(found -> {
            var status = found.getStatus();
            boolean observed = status != null
                    && equal(status.getObservedGeneration(), found.getMetadata().getGeneration());
            return status == null
                    ? new Rollout(0, 0, false)
                    : new Rollout(
                            number(status.getDesiredNumberScheduled()),
                            Math.min(number(status.getNumberReady()), number(status.getUpdatedNumberScheduled())),
                            observed);
        });
    }

    public Optional<Rollout> deployment(ObjectKey key) throws IOException {
        var deployment = KubeCall.call(
                "reading Deployment " + key,
                () -> client.apps()
                        .deployments()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get());
        return Optional.ofNullable(deployment).map(found -> {
            var status = found.getStatus();
            boolean observed = status != null
                    && equal(status.getObservedGeneration(), found.getMetadata().getGeneration());
            int desired =
                    found.getSpec().getReplicas() == null ? 1 : found.getSpec().getReplicas();
            return status == null
                    ? new Rollout(desired, 0, false)
                    : new Rollout(
                            desired,
                            Math.min(number(status.getReadyReplicas()), number(status.getUpdatedReplicas())),
                            observed);
        });
    }

    /** How many pods a workload still has. */
    public int pods(String namespace, String app) throws IOException {
        return list(namespace, app).size();
    }

    /** The pods that are not ready, with what holds them up. */
    public List<Waiting> waiting(String namespace, String app) throws IOException {
        return list(namespace, app).stream()
                .filter(pod -> !ready(pod))
                .map(pod -> new Waiting(
                        pod.getMetadata().getName(),
                        pod.getSpec().getNodeName() == null ? "" : pod.getSpec().getNodeName(),
                        cause(pod)))
                .toList();
    }

    private List<Pod> list(String namespace, String app) throws IOException {
        return KubeCall.call(
                "listing of pods",
                () -> client.pods()
                        .inNamespace(namespace)
                        .withLabel("app", app)
                        .list()
                        .getItems());
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private static String cause(Pod pod) {
        if (pod.getStatus() == null) {
            return "not started";
        }
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .flatMap(status -> cause(status).stream())
                .findFirst()
                .orElseGet(() -> "phase " + pod.getStatus().getPhase());
    }

    private static Optional<String> cause(ContainerStatus status) {
        var state = status.getState();
        if (state != null && state.getWaiting() != null && state.getWaiting().getReason() != null) {
            String message = state.getWaiting().getMessage();
            return Optional.of("container " + status.getName() + " waits: "
                    + state.getWaiting().getReason() + (message == null ? "" : ", " + message));
        }
        boolean running = state != null && state.getRunning() != null;
        return running && !Boolean.TRUE.equals(status.getReady())
                ? Optional.of("container " + status.getName() + " runs but is not ready")
                : Optional.empty();
    }

    private static boolean equal(Long observed, Long generation) {
        return generation == null || observed != null && observed >= generation;
    }

    private static int number(Integer value) {
        return value == null ? 0 : value;
    }
}

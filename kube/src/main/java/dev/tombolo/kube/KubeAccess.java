package dev.tombolo.kube;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How a Kubernetes API is reached. */
public sealed interface KubeAccess {
    /** The directory Kubernetes mounts into every pod that has a service account. */
    Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /** A pod's own service account. */
    record InCluster() implements KubeAccess {}

    /**
     * A kubeconfig file.
     *
     * @param file empty for {@code ~/.kube/config}
     * @param context empty for the file's current context
     */
    record KubeConfig(Optional<Path> file, Optional<String> context) implements KubeAccess {}

    /** What a process in a pod uses: {@code KUBECONFIG} if it is set, else the service account, else {@code ~/.kube/config}. */
    static KubeAccess detect(Map<String, String> environment) {
        String file = environment.getOrDefault("KUBECONFIG", "");
        if (!file.isEmpty()) {
            return new KubeConfig(Optional.of(Path.of(file)), Optional.empty());
        }
        boolean inPod =
                environment.containsKey("KUBERNETES_SERVICE_HOST") && Files.exists(SERVICE_ACCOUNT.resolve("token"));
        return inPod ? new InCluster() : new KubeConfig(Optional.empty(), Optional.empty());
    }
}

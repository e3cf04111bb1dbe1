package dev.tombolo.kube;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The contexts of a kubeconfig file. */
public record KubeContexts(Path file, List<String> names, Optional<String> current) {
    public static KubeContexts read(Path file) throws IOException {
        try {
            var config = Serialization.unmarshal(Files.readString(file), io.fabric8.kubernetes.api.model.Config.class);
            var names = config.getContexts().stream().map(NamedContext::getName).toList();
            return new KubeContexts(
                    file, names, Optional.ofNullable(config.getCurrentContext()).filter(name -> !name.isEmpty()));
        } catch (RuntimeException broken) {
            throw new KubeException("kubeconfig " + file + " is not valid: " + broken.getMessage(), 0, broken);
        }
    }

    /** Refuses a context that the file does not have; null stands for the current one. */
    void require(String context) throws KubeException {
        if (context == null && current.isEmpty()) {
            throw new KubeException(
                    "kubeconfig " + file + " has no current context; name one of " + names + " with --context",
                    0,
                    null);
        }
        String wanted = context == null ? current.get() : context;
        if (!names.contains(wanted)) {
            throw new KubeException(
                    "kubeconfig " + file + " has no context \"" + wanted + "\"; it has " + names, 0, null);
        }
    }
}

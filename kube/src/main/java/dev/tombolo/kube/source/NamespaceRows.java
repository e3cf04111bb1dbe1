package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.ObjectReading.map;

import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.Optional;
import java.util.function.Consumer;

/** Namespaces as rows. */
final class NamespaceRows {
    private NamespaceRows() {}

    static Optional<KubeNamespace> row(Namespace namespace, Consumer<Invalid> invalid) {
        var meta = namespace.getMetadata();
        return Optional.of(new KubeNamespace(meta.getName(), map(meta.getLabels()), map(meta.getAnnotations())));
    }
}

package dev.tombolo.kube.object;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** A Namespace. */
public record KubeNamespace(String name, Map<String, String> labels, Map<String, String> annotations) {
    public KubeNamespace {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** The labels of each. */
    public static Map<String, Map<String, String>> labels(Collection<KubeNamespace> namespaces) {
        return namespaces.stream().collect(Collectors.toMap(KubeNamespace::name, KubeNamespace::labels));
    }
}

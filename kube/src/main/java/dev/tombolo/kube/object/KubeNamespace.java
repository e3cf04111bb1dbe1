package dev.tombolo.kube.object;

import java.util.Map;

/** A Namespace. */
public record KubeNamespace(String name, Map<String, String> labels, Map<String, String> annotations) {
    public KubeNamespace {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}

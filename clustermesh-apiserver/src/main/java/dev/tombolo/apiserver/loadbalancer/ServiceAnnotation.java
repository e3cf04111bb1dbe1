package dev.tombolo.apiserver.loadbalancer;

import java.util.Map;

/** Annotations that Cilium reads by a name and by an older one. */
final class ServiceAnnotation {
    private ServiceAnnotation() {}

    /** Empty for an absent one. */
    static String value(Map<String, String> annotations, String name, String oldName) {
        String value = annotations.getOrDefault(name, "");
        return value.isBlank() ? annotations.getOrDefault(oldName, "").strip() : value.strip();
    }
}

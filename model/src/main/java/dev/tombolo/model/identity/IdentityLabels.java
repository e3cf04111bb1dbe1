package dev.tombolo.model.identity;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The labels that make two pods the same to a policy, sorted by key.
 *
 * @param values full keys with their source, for instance {@code k8s:app → web}
 */
public record IdentityLabels(Map<String, String> values) implements Comparable<IdentityLabels> {
    public static final String CLUSTER = "k8s:io.cilium.k8s.policy.cluster";
    public static final String SERVICE_ACCOUNT = "k8s:io.cilium.k8s.policy.serviceaccount";
    public static final String NAMESPACE = "k8s:io.kubernetes.pod.namespace";
    public static final String NAMESPACE_LABEL_PREFIX = "k8s:io.cilium.k8s.namespace.labels.";

    public IdentityLabels {
        values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** The wire form: {@code source:key=value;} for each label, with a trailing semicolon. */
    public String encoded() {
        var text = new StringBuilder();
        values.forEach(
                (key, value) -> text.append(key).append('=').append(value).append(';'));
        return text.toString();
    }

    public static Optional<IdentityLabels> tryParse(String encoded) {
        if (encoded == null || encoded.isEmpty() || !encoded.endsWith(";")) {
            return Optional.empty();
        }
        var values = new TreeMap<String, String>();
        for (String label : encoded.substring(0, encoded.length() - 1).split(";", -1)) {
            int equals = label.indexOf('=');
            String key = equals < 0 ? label : label.substring(0, equals);
            if (key.indexOf(':') < 1) {
                return Optional.empty();
            }
            values.put(key, equals < 0 ? "" : label.substring(equals + 1));
        }
        return Optional.of(new IdentityLabels(values));
    }

    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public int compareTo(IdentityLabels other) {
        return encoded().compareTo(other.encoded());
    }

    @Override
    public String toString() {
        return encoded();
    }
}

package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.identity.IdentityLabels;
import java.util.Map;

/** The labels that a selector sees of a pod: its own, and those that Cilium derives from where the pod is. */
record PodLabels(
        String namespace,
        String serviceAccount,
        ClusterName cluster,
        Map<String, String> own,
        Map<String, String> ofNamespace) {
    static final String NAMESPACE = plain(IdentityLabels.NAMESPACE);
    static final String NAMESPACE_LABEL_PREFIX = plain(IdentityLabels.NAMESPACE_LABEL_PREFIX);
    private static final String SERVICE_ACCOUNT = plain(IdentityLabels.SERVICE_ACCOUNT);
    private static final String CLUSTER = plain(IdentityLabels.CLUSTER);
    private static final String DERIVED_PREFIX = "io.";

    /** A derived label cannot be had by writing it on the pod. */
    String valueOf(String key) {
        if (key.startsWith(DERIVED_PREFIX)) {
            if (key.equals(NAMESPACE)) {
                return namespace;
            }
            if (key.equals(SERVICE_ACCOUNT)) {
                return serviceAccount;
            }
            if (key.equals(CLUSTER)) {
                return cluster.value();
            }
            if (key.startsWith(NAMESPACE_LABEL_PREFIX)) {
                return ofNamespace.get(key.substring(NAMESPACE_LABEL_PREFIX.length()));
            }
        }
        return own.get(key);
    }

    private static String plain(String key) {
        return key.substring(key.indexOf(':') + 1);
    }
}

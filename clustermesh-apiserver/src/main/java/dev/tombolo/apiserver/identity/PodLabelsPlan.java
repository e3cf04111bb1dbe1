package dev.tombolo.apiserver.identity;

import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.identity.IdentityLabels;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The labels that make up a pod's identity. */
public final class PodLabelsPlan {
    private static final String SOURCE = "k8s:";

    /** Labels that controllers put on to tell pods of one workload apart: each would make an identity of its own. */
    private static final Set<String> IRRELEVANT = Set.of(
            "pod-template-hash",
            "pod-template-generation",
            "controller-revision-hash",
            "controller-uid",
            "job-name",
            "etcd_node");

    private PodLabelsPlan() {}

    /** Empty for a pod on the host network, which has its node's identity, and for one that is over. */
    public static Optional<IdentityLabels> labels(KubePod pod, Optional<KubeNamespace> namespace, ClusterName cluster) {
        if (pod.hostNetwork() || pod.phase().isOver() || namespace.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> labels = new TreeMap<>();
        pod.labels().forEach((key, value) -> {
            if (isRelevant(key)) {
                labels.put(SOURCE + key, value);
            }
        });
        namespace
                .get()
                .labels()
                .forEach((key, value) -> labels.put(IdentityLabels.NAMESPACE_LABEL_PREFIX + key, value));
        labels.put(IdentityLabels.NAMESPACE, pod.key().namespace());
        labels.put(IdentityLabels.SERVICE_ACCOUNT, pod.serviceAccount().isEmpty() ? "default" : pod.serviceAccount());
        labels.put(IdentityLabels.CLUSTER, cluster.value());
        return Optional.of(new IdentityLabels(labels));
    }

    /** Cilium's default filter: what Kubernetes itself adds is left out, the recommended app labels stay. */
    static boolean isRelevant(String key) {
        int slash = key.indexOf('/');
        String domain = slash < 0 ? "" : key.substring(0, slash);
        if (IRRELEVANT.contains(key) || domain.startsWith("io.cilium") || domain.equals("annotation")) {
            return false;
        }
        boolean kubernetes = domain.endsWith("kubernetes.io") || domain.endsWith("k8s.io");
        return !kubernetes || domain.equals("app.kubernetes.io");
    }
}

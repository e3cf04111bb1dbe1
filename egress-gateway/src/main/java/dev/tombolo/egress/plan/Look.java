package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import java.util.Map;

/** What selectors can see of a pod. Its hash is kept, because looks are found again and again. */
final class Look {
    private final String namespace;
    private final String serviceAccount;
    private final Map<String, String> labels;
    private final String node;
    private final int hash;

    private Look(String namespace, String serviceAccount, Map<String, String> labels, String node) {
        this.namespace = namespace;
        this.serviceAccount = serviceAccount;
        this.labels = labels;
        this.node = node;
        hash = ((namespace.hashCode() * 31 + serviceAccount.hashCode()) * 31 + labels.hashCode()) * 31
                + node.hashCode();
    }

    /** @param withNode whether any selector asks for the labels of nodes */
    static Look of(EgressPod pod, boolean withNode) {
        return new Look(pod.namespace(), pod.serviceAccount(), pod.labels(), withNode ? pod.node() : "");
    }

    /** Empty where no selector asks for it. */
    String node() {
        return node;
    }

    PodLabels labels(ClusterName self, Map<String, Map<String, String>> namespaces) {
        return new PodLabels(namespace, serviceAccount, self, labels, namespaces.getOrDefault(namespace, Map.of()));
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Look that
                        && hash == that.hash
                        && namespace.equals(that.namespace)
                        && serviceAccount.equals(that.serviceAccount)
                        && labels.equals(that.labels)
                        && node.equals(that.node);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

package dev.tombolo.model.egress;

import dev.tombolo.model.label.LabelSelector;

/**
 * The pods that one entry of a policy selects: all three have to hold.
 *
 * @param pods matched on a pod's labels and on those that Cilium derives from its namespace, account and cluster
 * @param namespaces matched on the labels of the pod's namespace
 * @param nodes matched on the labels of the node that the pod runs on
 */
public record EgressSource(LabelSelector pods, LabelSelector namespaces, LabelSelector nodes) {}

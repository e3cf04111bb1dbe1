package dev.tombolo.lab.controller;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Gives pods a node: one that the node selector allows, with the fewest pods of the same owner, then the fewest pods. */
final class Scheduler {
    private final ClusterState state;
    private final Map<String, String> bound = new HashMap<>();

    Scheduler(ClusterState state) {
        this.state = state;
    }

    void reconcile() {
        bound.keySet()
                .removeIf(uid -> state.pods().stream()
                        .noneMatch(p -> p.getMetadata().getUid().equals(uid)
                                && p.getSpec().getNodeName() == null));
        state.pods().stream()
                .filter(p -> node(p) == null && RolloutPlan.alive(p))
                .forEach(p -> choose(p).ifPresent(n -> bind(p, n.getMetadata().getName())));
    }

    private Optional<Node> choose(Pod pod) {
        return state.nodes().stream()
                .filter(n -> !Boolean.TRUE.equals(n.getSpec().getUnschedulable()))
                .filter(n -> n.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(Optional.ofNullable(pod.getSpec().getNodeSelector())
                                .orElse(Map.of())
                                .entrySet()))
                .min(Comparator.<Node>comparingLong(n -> siblings(pod, n))
                        .thenComparingLong(
                                n -> state.pods().stream().filter(p -> on(p, n)).count())
                        .thenComparing(n -> n.getMetadata().getName()));
    }

    private long siblings(Pod pod, Node node) {
        return state.pods().stream()
                .filter(p -> on(p, node)
                        && RolloutPlan.alive(p)
                        && !p.getMetadata().getOwnerReferences().isEmpty()
                        && p.getMetadata()
                                .getOwnerReferences()
                                .equals(pod.getMetadata().getOwnerReferences()))
                .count();
    }

    private boolean on(Pod pod, Node node) {
        return node.getMetadata().getName().equals(node(pod));
    }

    private String node(Pod pod) {
        return pod.getSpec().getNodeName() == null
                ? bound.get(pod.getMetadata().getUid())
                : pod.getSpec().getNodeName();
    }

    private void bind(Pod pod, String node) {
        String namespace = pod.getMetadata().getNamespace();
        String name = pod.getMetadata().getName();
        try {
            state.client()
                    .bindings()
                    .inNamespace(namespace)
                    .resource(new BindingBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .withNamespace(namespace)
                            .endMetadata()
                            .withNewTarget()
                            .withApiVersion("v1")
                            .withKind("Node")
                            .withName(node)
                            .endTarget()
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
            // The lab's own API server has no bindings; a real one would refuse this patch.
            state.client()
                    .pods()
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"nodeName\":\"" + node + "\"}}");
        }
        bound.put(pod.getMetadata().getUid(), node);
    }
}

package dev.tombolo.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Deployments and DaemonSets to pods. Pods belong to their Deployment directly; the template's hash tells versions apart. */
final class Workloads {
    static final String HASH = "pod-template-hash";
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private final ClusterState state;

    Workloads(ClusterState state) {
        this.state = state;
    }

    void reconcile() {
        state.deployments().stream()
                .filter(d -> d.getMetadata().getDeletionTimestamp() == null)
                .forEach(this::deployment);
        state.daemonSets().stream()
                .filter(d -> d.getMetadata().getDeletionTimestamp() == null)
                .forEach(this::daemonSet);
        orphans();
    }

    private void deployment(Deployment deployment) {
        String hash = hash(deployment.getSpec().getTemplate());
        RolloutPlan.Step step =
                RolloutPlan.next(deployment, hash, state.podsOf(deployment).toList());
        step.delete().forEach(this::delete);
        for (int i = 0; i < step.create(); i++) {
            create(deployment, deployment.getSpec().getTemplate(), hash, hash + "-" + random(), null);
        }
        status(
                deployment,
                RolloutPlan.status(deployment, hash, state.podsOf(deployment).toList()));
    }

    private void daemonSet(DaemonSet set) {
        String hash = hash(set.getSpec().getTemplate());
        List<Pod> pods = state.podsOf(set).toList();
        Set<String> nodes =
                state.nodes().stream().map(n -> n.getMetadata().getName()).collect(Collectors.toSet());
        Map<String, Long> taken =
                pods.stream().collect(Collectors.groupingBy(p -> p.getSpec().getNodeName(), Collectors.counting()));
        boolean busy = pods.stream().anyMatch(p -> current(p, hash) && RolloutPlan.alive(p) && !RolloutPlan.ready(p))
                || taken.size() < nodes.size();
        // One node at a time: a new version that never gets ready stops at its first node.
        boolean byHand = set.getSpec().getUpdateStrategy() != null
                && "OnDelete".equals(set.getSpec().getUpdateStrategy().getType());
        pods.stream()
                .filter(p -> !byHand && RolloutPlan.alive(p))
                .filter(p -> !current(p, hash))
                .filter(p -> !busy || !RolloutPlan.ready(p))
                .limit(1)
                .forEach(this::delete);
        pods.stream().filter(p -> RolloutPlan.finished(p)).forEach(this::delete);
        nodes.stream()
                .filter(n -> !taken.containsKey(n))
                .forEach(n -> create(set, set.getSpec().getTemplate(), hash, random(), n));
        daemonStatus(set, hash, nodes.size());
    }

    private void daemonStatus(DaemonSet set, String hash, int wanted) {
        List<Pod> pods = state.podsOf(set).filter(RolloutPlan::alive).toList();
        long ready = pods.stream().filter(RolloutPlan::ready).count();
        long updated = pods.stream().filter(p -> current(p, hash)).count();
        status(
                set,
                Map.of(
                        "observedGeneration",
                        set.getMetadata().getGeneration(),
                        "desiredNumberScheduled",
                        wanted,
                        "currentNumberScheduled",
                        pods.size(),
                        "numberReady",
                        ready,
                        "numberAvailable",
                        ready,
                        "numberUnavailable",
                        wanted - ready,
                        "updatedNumberScheduled",
                        updated,
                        "numberMisscheduled",
                        0));
    }

    private static boolean current(Pod pod, String hash) {
        return hash.equals(pod.getMetadata().getLabels().get(HASH));
    }

    private void orphans() {
        Set<String> owners = Stream.<HasMetadata>concat(state.deployments().stream(), state.daemonSets().stream())
                .map(o -> o.getMetadata().getUid())
                .collect(Collectors.toSet());
        state.pods().stream()
                .filter(RolloutPlan::alive)
                .filter(p -> p.getMetadata().getOwnerReferences().stream()
                        .anyMatch(o ->
                                (o.getKind().equals("Deployment") || o.getKind().equals("DaemonSet"))
                                        && !owners.contains(o.getUid())))
                .forEach(this::delete);
    }

    private void create(HasMetadata owner, PodTemplateSpec template, String hash, String suffix, String node) {
        String namespace = owner.getMetadata().getNamespace();
        Pod pod = new PodBuilder()
                .withMetadata(template.getMetadata() == null ? new ObjectMeta() : template.getMetadata())
                .withSpec(template.getSpec())
                .editMetadata()
                .withNamespace(namespace)
                .withName(owner.getMetadata().getName() + "-" + suffix)
                .addToLabels(HASH, hash)
                .addToOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(owner.getApiVersion())
                        .withKind(owner.getKind())
                        .withName(owner.getMetadata().getName())
                        .withUid(owner.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build())
                .endMetadata()
                .build();
        if (node != null) {
            pod.getSpec().setNodeName(node);
        }
        Pod created = state.client().pods().inNamespace(namespace).resource(pod).create();
        // Without waiting for our own write, the next pass would not see it and make another pod.
        await(() -> state.pod(namespace, created.getMetadata().getName()) != null);
    }

    private void delete(Pod pod) {
        String namespace = pod.getMetadata().getNamespace();
        String name = pod.getMetadata().getName();
        state.client().pods().inNamespace(namespace).withName(name).delete();
        await(() -> {
            Pod seen = state.pod(namespace, name);
            return seen == null
                    || seen.getMetadata().getDeletionTimestamp() != null
                    || !seen.getMetadata().getUid().equals(pod.getMetadata().getUid());
        });
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plusSeconds(2);
        while (!condition.getAsBoolean() && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private void status(HasMetadata object, Map<String, ?> status) {
        JsonNode before = tree(object).path("status");
        JsonNode now = tree(status);
        boolean same = now.propertyStream()
                .allMatch(e ->
                        e.getValue().toString().equals(before.path(e.getKey()).toString()));
        if (!same) {
            state.client()
                    .resource(object)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + now + "}");
        }
    }

    private static JsonNode tree(Object object) {
        return Serialization.unmarshal(Serialization.asJson(object), JsonNode.class);
    }

    static String hash(PodTemplateSpec template) {
        return Integer.toString(Serialization.asJson(template).hashCode() & Integer.MAX_VALUE, 36);
    }

    private static String random() {
        return ThreadLocalRandom.current()
                .ints(5, 0, LETTERS.length())
                .mapToObj(i -> LETTERS.substring(i, i + 1))
                .collect(Collectors.joining());
    }
}

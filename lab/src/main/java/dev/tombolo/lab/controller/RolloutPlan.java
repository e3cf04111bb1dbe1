package dev.tombolo.lab.controller;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The next step of a rollout: how many pods to create and which to delete now. */
final class RolloutPlan {
    private RolloutPlan() {}

    record Step(int create, List<Pod> delete) {}

    static Step next(Deployment deployment, String hash, List<Pod> all) {
        int wanted = wanted(deployment);
        List<Pod> delete =
                new ArrayList<>(all.stream().filter(RolloutPlan::finished).toList());
        List<Pod> living = all.stream()
                .filter(RolloutPlan::alive)
                .filter(p -> !finished(p))
                .toList();
        List<Pod> fresh = living.stream().filter(p -> current(p, hash)).toList();
        List<Pod> old = living.stream().filter(p -> !current(p, hash)).toList();
        boolean recreate = "Recreate"
                .equals(
                        deployment.getSpec().getStrategy() == null
                                ? null
                                : deployment.getSpec().getStrategy().getType());
        if (recreate && all.stream().anyMatch(p -> !current(p, hash))) {
            delete.addAll(old);
            return new Step(0, delete);
        }
        fresh.stream()
                .sorted(notReadyFirst())
                .limit(Math.max(0, fresh.size() - wanted))
                .forEach(delete::add);
        int surplus = old.isEmpty() ? 0 : share(deployment, RollingUpdateDeployment::getMaxSurge, wanted, true);
        int create = Math.clamp(wanted + surplus - living.size(), 0, Math.max(0, wanted - fresh.size()));
        delete.addAll(retire(deployment, wanted, living, old));
        return new Step(create, delete);
    }

    /** Old pods that can go while enough others answer; those that never answered can always go. */
    private static List<Pod> retire(Deployment deployment, int wanted, List<Pod> living, List<Pod> old) {
        int floor = wanted - share(deployment, RollingUpdateDeployment::getMaxUnavailable, wanted, false);
        long spare = living.stream().filter(RolloutPlan::ready).count() - floor;
        List<Pod> gone = new ArrayList<>();
        for (Pod pod : old.stream().sorted(notReadyFirst()).toList()) {
            if (!ready(pod) || spare-- > 0) {
                gone.add(pod);
            }
        }
        return gone;
    }

    private static int share(
            Deployment deployment, Function<RollingUpdateDeployment, IntOrString> field, int wanted, boolean up) {
        IntOrString value = Optional.ofNullable(deployment.getSpec().getStrategy())
                .map(s -> s.getRollingUpdate())
                .map(field)
                .orElse(new IntOrString("25%"));
        if (value.getIntVal() != null) {
            return value.getIntVal();
        }
        double part = wanted * Integer.parseInt(value.getStrVal().replace("%", "")) / 100.0;
        return (int) (up ? Math.ceil(part) : Math.floor(part));
    }

    static Map<String, Object> status(Deployment deployment, String hash, List<Pod> all) {
        List<Pod> living = all.stream().filter(RolloutPlan::alive).toList();
        int ready = (int) living.stream().filter(RolloutPlan::ready).count();
        int updated = (int) living.stream().filter(p -> current(p, hash)).count();
        int wanted = wanted(deployment);
        int floor = wanted - share(deployment, RollingUpdateDeployment::getMaxUnavailable, wanted, false);
        boolean available = ready >= floor;
        boolean complete = updated == wanted && ready == wanted && living.size() == wanted;
        return Map.of(
                "observedGeneration",
                deployment.getMetadata().getGeneration(),
                "replicas",
                living.size(),
                "updatedReplicas",
                updated,
                "readyReplicas",
                ready,
                "availableReplicas",
                ready,
                "unavailableReplicas",
                Math.max(0, wanted - ready),
                "conditions",
                List.of(
                        Map.of(
                                "type",
                                "Available",
                                "status",
                                available ? "True" : "False",
                                "reason",
                                available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"),
                        Map.of(
                                "type",
                                "Progressing",
                                "status",
                                "True",
                                "reason",
                                complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated")));
    }

    private static int wanted(Deployment deployment) {
        return Optional.ofNullable(deployment.getSpec().getReplicas()).orElse(1);
    }

    private static boolean current(Pod pod, String hash) {
        return hash.equals(pod.getMetadata().getLabels().get(Workloads.HASH));
    }

    private static Comparator<Pod> notReadyFirst() {
        return Comparator.comparing(RolloutPlan::ready)
                .thenComparing(p -> p.getMetadata().getName());
    }

    static boolean alive(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null;
    }

    static boolean finished(Pod pod) {
        return pod.getStatus() != null
                && ("Failed".equals(pod.getStatus().getPhase())
                        || "Succeeded".equals(pod.getStatus().getPhase()));
    }

    static boolean ready(Pod pod) {
        return alive(pod)
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }
}

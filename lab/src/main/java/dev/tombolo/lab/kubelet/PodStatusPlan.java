package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;

/** A pod's status from what its containers do. */
final class PodStatusPlan {
    private PodStatusPlan() {}

    record Facts(
            String restartPolicy,
            String hostAddress,
            List<String> addresses,
            Instant begin,
            boolean initialized,
            List<ContainerRun> inits,
            List<ContainerRun> containers) {}

    static PodStatus status(Facts facts) {
        boolean ready = facts.initialized() && facts.containers().stream().allMatch(ContainerRun::ready);
        PodStatusBuilder status = new PodStatusBuilder()
                .withPhase(phase(facts))
                .withHostIP(facts.hostAddress())
                .withStartTime(ContainerState.time(facts.begin()))
                .withConditions(
                        condition("PodScheduled", true),
                        condition("Initialized", facts.initialized()),
                        condition("ContainersReady", ready),
                        condition("Ready", ready))
                .withInitContainerStatuses(
                        facts.inits().stream().map(PodStatusPlan::container).toList())
                .withContainerStatuses(facts.containers().stream()
                        .map(PodStatusPlan::container)
                        .toList());
        if (!facts.addresses().isEmpty()) {
            status.withPodIP(facts.addresses().getFirst());
        }
        facts.addresses().forEach(status::addNewPodIP);
        return status.build();
    }

    private static String phase(Facts facts) {
        List<ContainerState> states =
                facts.containers().stream().map(ContainerRun::state).toList();
        boolean ended = !facts.restartPolicy().equals("Always")
                && states.stream().allMatch(s -> s instanceof ContainerState.Terminated);
        boolean initFailed = facts.restartPolicy().equals("Never")
                && facts.inits().stream()
                        .map(ContainerRun::state)
                        .anyMatch(s ->
                                s instanceof ContainerState.Terminated(int code, var _, var _, var _) && code != 0);
        if (initFailed) {
            return "Failed";
        }
        if (ended) {
            return states.stream()
                            .allMatch(s ->
                                    s instanceof ContainerState.Terminated(int code, var _, var _, var _) && code == 0)
                    ? "Succeeded"
                    : "Failed";
        }
        boolean anyStarted = facts.containers().stream()
                .anyMatch(c -> !(c.state() instanceof ContainerState.Waiting) || c.restarts() > 0);
        return anyStarted ? "Running" : "Pending";
    }

    private static ContainerStatus container(ContainerRun run) {
        return new ContainerStatusBuilder()
                .withName(run.container().getName())
                .withImage(run.container().getImage())
                .withImageID("lab://" + run.container().getImage())
                .withReady(run.ready())
                .withStarted(run.isStarted())
                .withRestartCount(run.restarts())
                .withState(run.state().asObject())
                .withLastState(run.last().map(ContainerState::asObject).orElse(null))
                .build();
    }

    private static PodCondition condition(String type, boolean holds) {
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(holds ? "True" : "False")
                .build();
    }
}

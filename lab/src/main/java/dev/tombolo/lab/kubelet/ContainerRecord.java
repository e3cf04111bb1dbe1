package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.machine.Cgroups;
import java.util.List;
import java.util.Map;

/** A running container as the command line finds it on disk: enough to enter it without asking the API server. */
public record ContainerRecord(
        String cluster,
        String node,
        String namespace,
        String pod,
        String container,
        long pid,
        String cgroup,
        String netns,
        Map<String, String> environment) {

    /** Arguments that put a command into the container's namespaces, cgroup and environment. */
    public List<String> enter() {
        List<String> words = Cgroups.entering(cgroup, pid);
        words.addAll(List.of("env", "-i"));
        environment.forEach((k, v) -> words.add(k + "=" + v));
        return words;
    }
}

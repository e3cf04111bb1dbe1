package dev.tombolo.lab.daemon;

import dev.tombolo.lab.kubelet.ContainerRecord;
import dev.tombolo.lab.kubelet.ContainerRecords;
import dev.tombolo.lab.machine.Cgroups;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.network.Topology;
import java.io.IOException;
import java.util.List;

/** A lab that is up, and the ways into its nodes and containers. */
public record RunningLab(LabHome home, LabFile file) {
    public static RunningLab of(LabHome home) throws IOException {
        return new RunningLab(
                home,
                LabFile.read(home)
                        .filter(LabFile::running)
                        .orElseThrow(() -> new IOException("lab %s is not up; start it with `tombolo lab up --name %s`"
                                .formatted(home.name(), home.name()))));
    }

    public Topology topology() {
        return file.topology(home);
    }

    /** Arguments that put a command into a node's namespaces and cgroup. */
    public List<String> enterNode(String context, String node) throws IOException {
        Topology.Node chosen = topology().cluster(context).node(node);
        var cgroup = home.cgroup().resolve(context).resolve(node).resolve("pause");
        return Cgroups.entering(cgroup.toString(), file.nodePid(chosen));
    }

    /**
     * A running container.
     *
     * @param pod a pod's name, pod/NAME, or deploy/NAME for any pod of that Deployment, as kubectl has it
     * @param container null for the pod's first
     */
    public ContainerRecord container(String context, String namespace, String pod, String container)
            throws IOException {
        String cluster = topology().cluster(context).name();
        String plain = pod.startsWith("pod/") ? pod.substring(4) : pod;
        List<ContainerRecord> found = new ContainerRecords(home, cluster)
                .list().stream()
                        .filter(r -> r.namespace().equals(namespace) && matches(r.pod(), plain))
                        .filter(r -> container == null || r.container().equals(container))
                        .toList();
        if (found.isEmpty()) {
            throw new IOException("no running container %sin pod %s/%s of %s"
                    .formatted(container == null ? "" : container + " ", namespace, plain, cluster));
        }
        return found.getFirst();
    }

    private static boolean matches(String pod, String asked) {
        int slash = asked.indexOf('/');
        return slash < 0 ? pod.equals(asked) : pod.startsWith(asked.substring(slash + 1) + "-");
    }
}

package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.machine.Cgroups;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Leftovers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod's place on its node: its address, directory, volumes and cgroup, and the processes that are started in it. */
final class PodSandbox {
    private final KubeletNode kubelet;
    private final Pod pod;
    private final PodDirectory directory;
    private volatile List<String> addresses = List.of();
    private volatile Volumes volumes;
    private volatile PodFields fields;

    PodSandbox(KubeletNode kubelet, Pod pod) {
        this.kubelet = kubelet;
        this.pod = pod;
        directory = new PodDirectory(
                kubelet.sandbox().node().directory().resolve("kubelet/pods").resolve(uid()), pod);
    }

    /** Goes on where an attempt before has failed. */
    void prepare() throws IOException {
        if (addresses.isEmpty()) {
            addresses = hostNetwork() ? kubelet.sandbox().node().addresses() : newAddresses();
        }
        fields = new PodFields(kubelet.sandbox().node(), kubelet.state(), pod, addresses);
        volumes = new Volumes(pod, directory.path(), fields, () -> kubelet.token(pod));
        volumes.write();
        directory.writeIdentity(hostname(), address(), kubelet.dnsAddress());
    }

    private List<String> newAddresses() throws IOException {
        try {
            return kubelet.network().add(uid());
        } catch (IOException failure) {
            // Half a network would be in the way of the next attempt.
            kubelet.network().remove(uid());
            throw failure;
        }
    }

    /** The first of them; empty until there is one. */
    String address() {
        return addresses.isEmpty() ? "" : addresses.getFirst();
    }

    List<String> addresses() {
        return addresses;
    }

    Process start(Container container, List<String> command, int attempt) throws IOException {
        volumes.write();
        Path cgroup = Files.createDirectories(cgroup(container.getName()));
        String script = directory.writeStartScript(
                container, hostname(), kubelet.images().distribution(container.getImage()), volumes);
        Map<String, String> environment = fields.environment(container);
        List<String> arguments = new ArrayList<>(Cgroups.joining(cgroup.toString()));
        arguments.addAll(kubelet.sandbox().enter(netns()));
        arguments.addAll(List.of("unshare", "--mount", "--uts", "sh", "-e", script));
        command.forEach(word -> arguments.add(PodFields.expand(word, environment)));
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Path log = kubelet.logs().file(pod, container.getName(), attempt);
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        kubelet.records()
                .write(new ContainerRecord(
                        kubelet.sandbox().node().clusterName(),
                        kubelet.sandbox().node().name(),
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getName(),
                        container.getName(),
                        process.pid(),
                        cgroup.toString(),
                        netns().toString(),
                        environment));
        return process;
    }

    Optional<String> ask(Container container, Probe probe) {
        Path node = LabHome.namespacePath(kubelet.sandbox().node().namespace());
        return new ProbeClient(node, address(), container).ask(probe);
    }

    private Path cgroup() {
        return kubelet.sandbox().cgroup().resolve("pods").resolve(uid());
    }

    Path cgroup(String container) {
        return cgroup().resolve(container);
    }

    void refresh() {
        Volumes now = volumes;
        if (now == null) {
            return;
        }
        try {
            now.write();
        } catch (IOException | IllegalArgumentException _) {
            // A source that was deleted leaves the last content, as a kubelet does.
        }
    }

    /** Ends what still runs in it. */
    void remove() throws IOException {
        Cgroups.kill(cgroup());
        Cgroups.removeTree(cgroup());
        if (!hostNetwork()) {
            kubelet.network().remove(uid());
        }
        kubelet.records()
                .remove(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
        Leftovers.deleteTree(directory.path());
    }

    private String hostname() {
        return hostNetwork()
                ? kubelet.sandbox().node().name()
                : pod.getMetadata().getName();
    }

    private boolean hostNetwork() {
        return Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    }

    private Path netns() {
        return hostNetwork()
                ? LabHome.namespacePath(kubelet.sandbox().node().namespace())
                : kubelet.network().path(uid());
    }

    private String uid() {
        return pod.getMetadata().getUid();
    }
}

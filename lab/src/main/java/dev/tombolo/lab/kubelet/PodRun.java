package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.controller.Pulse;
import dev.tombolo.lab.machine.Cgroups;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Leftovers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One pod on this node, from its sandbox to its last trace. */
final class PodRun implements PodContext {
    private final KubeletNode kubelet;
    private final Pod pod;
    private final Path directory;
    private final List<ContainerRun> inits;
    private final List<ContainerRun> containers;
    private final Pulse status;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Instant begin = Instant.now();
    private volatile Thread life;
    private volatile String address = "";
    private volatile boolean initialized;
    private volatile Volumes volumes;
    private volatile PodFields fields;
    private String written = "";

    PodRun(KubeletNode kubelet, Pod pod) {
        this.kubelet = kubelet;
        this.pod = pod;
        directory = kubelet.sandbox().node().directory().resolve("kubelet/pods").resolve(uid());
        inits = pod.getSpec().getInitContainers().stream()
                .map(c -> new ContainerRun(this, c, true))
                .toList();
        containers = pod.getSpec().getContainers().stream()
                .map(c -> new ContainerRun(this, c, false))
                .toList();
        status = new Pulse("status-" + pod.getMetadata().getName(), this::writeStatus);
    }

    void start() {
        status.start();
        life = Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).start(this::live);
    }

    private void live() {
        try {
            prepare();
            for (ContainerRun init : inits) {
                init.run();
                if (!(init.state() instanceof ContainerState.Terminated(int code, var _, var _, var _)) || code != 0) {
                    return;
                }
            }
            initialized = true;
            changed();
            List<Thread> threads = new ArrayList<>();
            for (ContainerRun container : containers) {
                threads.add(Thread.startVirtualThread(() -> untilDone(container)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException _) {
            // Stopped.
        }
    }

    private static void untilDone(ContainerRun container) {
        try {
            container.run();
        } catch (InterruptedException _) {
            // Stopped.
        }
    }

    /** Repeats until it works: a missing ConfigMap or address may appear. */
    private void prepare() throws InterruptedException {
        Duration pause = Duration.ofMillis(100);
        while (true) {
            try {
                Files.createDirectories(directory);
                if (address.isEmpty()) {
                    address = hostNetwork()
                            ? kubelet.sandbox().node().address()
                            : kubelet.network().add(uid());
                }
                fields = new PodFields(kubelet.sandbox().node(), kubelet.state(), pod, address);
                volumes = new Volumes(pod, directory, fields, () -> kubelet.token(pod));
                volumes.write();
                writeIdentity();
                return;
            } catch (IOException | IllegalArgumentException e) {
                event("Warning", address.isEmpty() ? "FailedCreatePodSandBox" : "FailedMount", e.getMessage());
                clearNetwork();
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(Duration.ofSeconds(10)) > 0
                        ? Duration.ofSeconds(10)
                        : pause.multipliedBy(2);
            }
        }
    }

    private void clearNetwork() {
        if (address.isEmpty() && !hostNetwork()) {
            try {
                kubelet.network().remove(uid());
            } catch (IOException e) {
                event("Warning", "FailedKillPod", e.getMessage());
            }
        }
    }

    private void writeIdentity() throws IOException {
        String domain = pod.getMetadata().getNamespace() + ".svc.cluster.local svc.cluster.local cluster.local";
        Files.writeString(
                directory.resolve("resolv.conf"),
                "nameserver %s\nsearch %s\noptions ndots:5 timeout:1 attempts:3\n"
                        .formatted(kubelet.dnsAddress(), domain));
        Files.writeString(directory.resolve("hostname"), hostname() + "\n");
        Files.writeString(directory.resolve("hosts"), "127.0.0.1\tlocalhost\n%s\t%s\n".formatted(address, hostname()));
    }

    private String hostname() {
        return hostNetwork()
                ? kubelet.sandbox().node().name()
                : pod.getMetadata().getName();
    }

    @Override
    public Process start(Container container, List<String> command, int attempt) throws IOException {
        volumes.write();
        Path own = Files.createDirectories(directory.resolve("containers").resolve(container.getName()));
        Path cgroup = Files.createDirectories(cgroup(container.getName()));
        Files.writeString(own.resolve("start.sh"), startScript(container));
        Map<String, String> environment = fields.environment(container);
        List<String> arguments =
                new ArrayList<>(List.of("sh", "-ec", "echo $$ > " + cgroup + "/cgroup.procs; exec \"$@\"", "sh"));
        arguments.addAll(kubelet.sandbox().enter(netns()));
        arguments.addAll(List.of(
                "unshare",
                "--mount",
                "--uts",
                "sh",
                "-e",
                "/var/lib/kubelet/pods/" + uid() + "/containers/" + container.getName() + "/start.sh"));
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

    private String startScript(Container container) {
        String base = "/var/lib/kubelet/pods/" + uid() + "/";
        StringBuilder script = new StringBuilder("hostname " + Volumes.quote(hostname()) + "\n");
        for (String file : List.of("resolv.conf", "hostname", "hosts")) {
            script.append("mount --bind ")
                    .append(base)
                    .append(file)
                    .append(" /etc/")
                    .append(file)
                    .append('\n');
        }
        kubelet.images()
                .distribution(container.getImage())
                .ifPresent(d -> script.append(Volumes.bind(d.toString(), "/opt/tombolo", true)));
        script.append(volumes.mounts(container));
        if (container.getWorkingDir() != null) {
            script.append("cd ")
                    .append(Volumes.quote(container.getWorkingDir()))
                    .append('\n');
        }
        return script.append("exec \"$@\"\n").toString();
    }

    @Override
    public Optional<String> ask(Container container, Probe probe) {
        var record = kubelet.records()
                .find(pod.getMetadata().getNamespace(), pod.getMetadata().getName(), container.getName());
        return new ProbeClient(
                        LabHome.namespacePath(kubelet.sandbox().node().namespace()),
                        address,
                        container,
                        record.map(ContainerRecord::enter).orElse(List.of()))
                .ask(probe);
    }

    @Override
    public Optional<List<String>> command(Container container) {
        return kubelet.images().command(container);
    }

    @Override
    public String restartPolicy() {
        return Optional.ofNullable(pod.getSpec().getRestartPolicy()).orElse("Always");
    }

    @Override
    public Path cgroup(String container) {
        return kubelet.sandbox().cgroup().resolve("pods").resolve(uid()).resolve(container);
    }

    @Override
    public void event(String type, String reason, String message) {
        kubelet.event(pod, type, reason, message);
    }

    @Override
    public void changed() {
        status.mark();
    }

    private void writeStatus() {
        PodStatus now = PodStatusPlan.status(new PodStatusPlan.Facts(
                restartPolicy(), kubelet.sandbox().node().address(), address, begin, initialized, inits, containers));
        String text = Serialization.asJson(Map.of("status", now));
        if (text.equals(written)) {
            return;
        }
        try {
            kubelet.state()
                    .client()
                    .pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), text);
            written = text;
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
    }

    /** ConfigMaps and Secrets changed somewhere: what this pod mounts is brought up to date. */
    void refresh() {
        Volumes now = volumes;
        if (now == null || stopped.get()) {
            return;
        }
        try {
            now.write();
        } catch (IOException | IllegalArgumentException _) {
            // A source that was deleted leaves the last content, as a kubelet does.
        }
    }

    /** Ends the pod; only the first call does anything. */
    void stop(Duration grace) {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        Thread.ofVirtual().name("stop-" + pod.getMetadata().getName()).start(() -> {
            try {
                end(grace);
            } catch (IOException e) {
                event("Warning", "FailedKillPod", e.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                status.close();
                kubelet.gone(pod);
            }
        });
    }

    private void end(Duration grace) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(grace);
        List<Thread> stops = new ArrayList<>();
        for (ContainerRun run : all()) {
            stops.add(Thread.startVirtualThread(() -> {
                try {
                    run.stop(end);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread stop : stops) {
            stop.join();
        }
        life.interrupt();
        life.join();
        Path cgroup = kubelet.sandbox().cgroup().resolve("pods").resolve(uid());
        Cgroups.kill(cgroup);
        Cgroups.removeTree(cgroup);
        if (!hostNetwork()) {
            kubelet.network().remove(uid());
        }
        kubelet.records()
                .remove(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
        Leftovers.deleteTree(directory);
    }

    private List<ContainerRun> all() {
        List<ContainerRun> all = new ArrayList<>(inits);
        all.addAll(containers);
        return all;
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

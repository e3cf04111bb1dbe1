package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.machine.Cgroups;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Leftovers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Probe;
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
    private final PodDirectory directory;
    private final List<ContainerRun> inits;
    private final List<ContainerRun> containers;
    private final PodStatusWriter status;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Instant begin = Instant.now();
    private volatile Thread life;
    private volatile String address = "";
    private volatile boolean initialized;
    private volatile Volumes volumes;
    private volatile PodFields fields;

    PodRun(KubeletNode kubelet, Pod pod) {
        this.kubelet = kubelet;
        this.pod = pod;
        directory = new PodDirectory(
                kubelet.sandbox().node().directory().resolve("kubelet/pods").resolve(uid()), pod);
        inits = pod.getSpec().getInitContainers().stream()
                .map(c -> new ContainerRun(this, c, true))
                .toList();
        containers = pod.getSpec().getContainers().stream()
                .map(c -> new ContainerRun(this, c, false))
                .toList();
        status = new PodStatusWriter(kubelet.state().client(), pod, this::observed);
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
                if (address.isEmpty()) {
                    address = hostNetwork()
                            ? kubelet.sandbox().node().address()
                            : kubelet.network().add(uid());
                }
                fields = new PodFields(kubelet.sandbox().node(), kubelet.state(), pod, address);
                volumes = new Volumes(pod, directory.path(), fields, () -> kubelet.token(pod));
                volumes.write();
                directory.writeIdentity(hostname(), address, kubelet.dnsAddress());
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

    private String hostname() {
        return hostNetwork()
                ? kubelet.sandbox().node().name()
                : pod.getMetadata().getName();
    }

    @Override
    public Process start(Container container, List<String> command, int attempt) throws IOException {
        volumes.write();
        Path cgroup = Files.createDirectories(cgroup(container.getName()));
        String script = directory.writeStartScript(
                container, hostname(), kubelet.images().distribution(container.getImage()), volumes);
        Map<String, String> environment = fields.environment(container);
        List<String> arguments =
                new ArrayList<>(List.of("sh", "-ec", "echo $$ > " + cgroup + "/cgroup.procs; exec \"$@\"", "sh"));
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

    @Override
    public Optional<String> ask(Container container, Probe probe) {
        Path node = LabHome.namespacePath(kubelet.sandbox().node().namespace());
        return new ProbeClient(node, address, container).ask(probe);
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

    private PodStatus observed() {
        return PodStatusPlan.status(new PodStatusPlan.Facts(
                restartPolicy(), kubelet.sandbox().node().address(), address, begin, initialized, inits, containers));
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
        Leftovers.deleteTree(directory.path());
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

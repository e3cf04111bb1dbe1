package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.machine.Backoff;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The life of one pod on this node: init containers, containers, probes, and the end. */
final class PodRun implements PodContext {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private final KubeletNode kubelet;
    private final Pod pod;
    private final PodSandbox sandbox;
    private final List<ContainerRun> inits;
    private final List<ContainerRun> containers;
    private final PodStatusWriter status;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Instant begin = Instant.now();
    private volatile Thread life;
    private volatile boolean initialized;

    PodRun(KubeletNode kubelet, Pod pod) {
        this.kubelet = kubelet;
        this.pod = pod;
        sandbox = new PodSandbox(kubelet, pod);
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
        var backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        while (true) {
            try {
                sandbox.prepare();
                return;
            } catch (IOException | IllegalArgumentException e) {
                String reason = sandbox.address().isEmpty() ? "FailedCreatePodSandBox" : "FailedMount";
                event("Warning", reason, e.getMessage());
                backoff.pause(Duration.ZERO);
            }
        }
    }

    @Override
    public Process start(Container container, List<String> command, int attempt) throws IOException {
        return sandbox.start(container, command, attempt);
    }

    @Override
    public Optional<String> ask(Container container, Probe probe) {
        return sandbox.ask(container, probe);
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
        return sandbox.cgroup(container);
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
                restartPolicy(),
                kubelet.sandbox().node().address(),
                sandbox.addresses(),
                begin,
                initialized,
                inits,
                containers));
    }

    /** ConfigMaps and Secrets changed somewhere: what this pod mounts is brought up to date. */
    void refresh() {
        if (!stopped.get()) {
            sandbox.refresh();
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
        sandbox.remove();
    }

    private List<ContainerRun> all() {
        List<ContainerRun> all = new ArrayList<>(inits);
        all.addAll(containers);
        return all;
    }
}

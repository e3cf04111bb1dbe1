package dev.tombolo.lab.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks one running container again and again whether it is ready and alive, on threads that end with it. */
final class ContainerProbes implements AutoCloseable {
    private static final Duration EAGER = Duration.ofMillis(100);
    private static final int EAGER_TIMES = 100;
    private final PodContext context;
    private final Container container;
    private final Process process;
    private final Runnable kill;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ready;

    ContainerProbes(PodContext context, Container container, Process process, Runnable kill) {
        this.context = context;
        this.container = container;
        this.process = process;
        this.kill = kill;
        ready = container.getReadinessProbe() == null;
    }

    void start() {
        start(container.getReadinessProbe(), this::readiness);
        start(container.getLivenessProbe(), this::liveness);
    }

    boolean ready() {
        return ready;
    }

    private interface Asking {
        void of(Probe probe) throws InterruptedException;
    }

    private void start(Probe probe, Asking asking) {
        if (probe != null) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(seconds(probe.getInitialDelaySeconds(), 0));
                    asking.of(probe);
                } catch (InterruptedException _) {
                    // The container ended.
                }
            }));
        }
    }

    private void readiness(Probe probe) throws InterruptedException {
        int good = 0;
        int bad = 0;
        boolean everReady = false;
        int asked = 0;
        while (process.isAlive()) {
            Optional<String> problem = context.ask(container, probe);
            good = problem.isEmpty() ? good + 1 : 0;
            bad = problem.isEmpty() ? 0 : bad + 1;
            if (good >= Optional.ofNullable(probe.getSuccessThreshold()).orElse(1) && !ready) {
                everReady = true;
                ready = true;
                context.changed();
            } else if (bad >= failureThreshold(probe) && ready) {
                ready = false;
                context.event("Warning", "Unhealthy", "Readiness probe failed: " + problem.orElse(""));
                context.changed();
            }
            // Until it first answers, ask often: a demo should not wait out a period made for steady state. Not for
            // ever:
            // there may be hundreds that wait.
            boolean eager = !everReady && ++asked < EAGER_TIMES;
            Thread.sleep(eager ? EAGER : period(probe));
        }
    }

    private void liveness(Probe probe) throws InterruptedException {
        int bad = 0;
        while (process.isAlive()) {
            Thread.sleep(period(probe));
            Optional<String> problem = context.ask(container, probe);
            bad = problem.isEmpty() ? 0 : bad + 1;
            if (bad >= failureThreshold(probe)) {
                restart(problem.orElse(""));
                return;
            }
        }
    }

    private void restart(String problem) throws InterruptedException {
        context.event("Warning", "Unhealthy", "Liveness probe failed, container will be restarted: " + problem);
        process.destroy();
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            kill.run();
        }
    }

    private static Duration period(Probe probe) {
        return Duration.ofSeconds(
                Math.max(1, seconds(probe.getPeriodSeconds(), 10).toSeconds()));
    }

    private static Duration seconds(Integer asked, int otherwise) {
        return Duration.ofSeconds(Optional.ofNullable(asked).orElse(otherwise));
    }

    private static int failureThreshold(Probe probe) {
        return Optional.ofNullable(probe.getFailureThreshold()).orElse(3);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}

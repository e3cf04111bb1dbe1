package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.machine.Cgroups;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One container of a pod: started, probed, restarted with a growing pause, stopped. A thread of its own calls `run`. */
final class ContainerRun {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration EAGER = Duration.ofMillis(100);
    private final PodContext context;
    private final Container container;
    private final boolean init;
    private volatile ContainerState state = new ContainerState.Waiting("ContainerCreating", null);
    private volatile ContainerState last;
    private volatile boolean probedReady;
    private volatile boolean started;
    private volatile boolean stopping;
    private volatile int restarts;
    private volatile Process process;

    ContainerRun(PodContext context, Container container, boolean init) {
        this.context = context;
        this.container = container;
        this.init = init;
    }

    /** Returns when the container needs no further run. */
    void run() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (!stopping) {
            Instant begin = Instant.now();
            Optional<Integer> code = once();
            if (stopping || code.isPresent() && !again(code.get())) {
                return;
            }
            if (code.isPresent()) {
                last = state;
                restarts++;
                show(new ContainerState.Waiting(
                        "CrashLoopBackOff",
                        "back-off %d ms restarting failed container=%s"
                                .formatted(pause.toMillis(), container.getName())));
            }
            Thread.sleep(pause);
            boolean lived = Duration.between(begin, Instant.now()).compareTo(LONGEST_PAUSE.plus(pause)) > 0;
            pause = lived
                    ? FIRST_PAUSE
                    : pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private boolean again(int code) {
        String policy = context.restartPolicy();
        return init
                ? code != 0 && !policy.equals("Never")
                : policy.equals("Always") || policy.equals("OnFailure") && code != 0;
    }

    private Optional<Integer> once() throws InterruptedException {
        Optional<List<String>> command = context.command(container);
        if (command.isEmpty()) {
            String message = "image \"%s\" is not in the lab's catalogue and the container has no command"
                    .formatted(container.getImage());
            refuse("ErrImagePull", message);
            return Optional.empty();
        }
        try {
            process = context.start(container, command.get(), restarts);
        } catch (IOException | IllegalArgumentException e) {
            refuse("CreateContainerConfigError", e.getMessage());
            return Optional.empty();
        }
        return Optional.of(live(process, Instant.now()));
    }

    private void refuse(String reason, String message) {
        if (!(state instanceof ContainerState.Waiting w && w.reason().equals(reason))) {
            context.event("Warning", reason.equals("ErrImagePull") ? "Failed" : reason, message);
        }
        show(new ContainerState.Waiting(reason, message));
    }

    private int live(Process process, Instant since) throws InterruptedException {
        probedReady = container.getReadinessProbe() == null;
        started = container.getStartupProbe() == null;
        show(new ContainerState.Running(since));
        Thread probes = Thread.startVirtualThread(() -> probe(process));
        if (stopping) {
            process.destroy();
        }
        int code = process.waitFor();
        probes.interrupt();
        probedReady = false;
        killRest();
        show(new ContainerState.Terminated(code, code == 0 ? "Completed" : "Error", since, Instant.now()));
        return code;
    }

    private void killRest() {
        try {
            Cgroups.kill(context.cgroup(container.getName()));
        } catch (IOException e) {
            context.event("Warning", "FailedKillPod", e.getMessage());
        }
    }

    private void probe(Process process) {
        try {
            if (container.getStartupProbe() != null && !untilStarted(container.getStartupProbe(), process)) {
                return;
            }
            started = true;
            context.changed();
            Thread liveness = container.getLivenessProbe() == null
                    ? null
                    : Thread.startVirtualThread(() -> liveness(container.getLivenessProbe(), process));
            try {
                if (container.getReadinessProbe() != null) {
                    readiness(container.getReadinessProbe(), process);
                } else if (liveness != null) {
                    liveness.join();
                }
            } finally {
                if (liveness != null) {
                    liveness.interrupt();
                }
            }
        } catch (InterruptedException _) {
            // The container ended.
        }
    }

    private boolean untilStarted(Probe probe, Process process) throws InterruptedException {
        delay(probe);
        int failures = 0;
        while (process.isAlive()) {
            if (context.ask(container, probe).isEmpty()) {
                return true;
            }
            if (++failures >= failureThreshold(probe)) {
                unhealthy("Startup", "threshold reached", process);
                return false;
            }
            Thread.sleep(period(probe));
        }
        return false;
    }

    private void readiness(Probe probe, Process process) throws InterruptedException {
        delay(probe);
        int good = 0;
        int bad = 0;
        boolean everReady = false;
        while (process.isAlive()) {
            Optional<String> problem = context.ask(container, probe);
            good = problem.isEmpty() ? good + 1 : 0;
            bad = problem.isEmpty() ? 0 : bad + 1;
            if (good >= Optional.ofNullable(probe.getSuccessThreshold()).orElse(1) && !probedReady) {
                everReady = true;
                probedReady = true;
                context.changed();
            } else if (bad >= failureThreshold(probe) && probedReady) {
                probedReady = false;
                context.event("Warning", "Unhealthy", "Readiness probe failed: " + problem.orElse(""));
                context.changed();
            }
            // Until it first answers, ask often: a demo should not wait out a period made for steady state.
            Thread.sleep(everReady ? period(probe) : EAGER);
        }
    }

    private void liveness(Probe probe, Process process) {
        try {
            delay(probe);
            int bad = 0;
            while (process.isAlive()) {
                Thread.sleep(period(probe));
                Optional<String> problem = context.ask(container, probe);
                bad = problem.isEmpty() ? 0 : bad + 1;
                if (bad >= failureThreshold(probe)) {
                    unhealthy("Liveness", problem.orElse(""), process);
                    return;
                }
            }
        } catch (InterruptedException _) {
            // The container ended.
        }
    }

    private void unhealthy(String kind, String problem, Process process) {
        context.event("Warning", "Unhealthy", kind + " probe failed, container will be restarted: " + problem);
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                killRest();
            }
        } catch (InterruptedException _) {
            killRest();
        }
    }

    private static void delay(Probe probe) throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(
                Optional.ofNullable(probe.getInitialDelaySeconds()).orElse(0)));
    }

    private static Duration period(Probe probe) {
        return Duration.ofSeconds(
                Math.max(1, Optional.ofNullable(probe.getPeriodSeconds()).orElse(10)));
    }

    private static int failureThreshold(Probe probe) {
        return Optional.ofNullable(probe.getFailureThreshold()).orElse(3);
    }

    private void show(ContainerState now) {
        state = now;
        context.changed();
    }

    /** Asks the program to end, and ends it when the time is over. */
    void stop(Instant end) throws InterruptedException {
        stopping = true;
        Process now = process;
        if (now != null && now.isAlive()) {
            now.destroy();
            now.waitFor(Math.max(0, Duration.between(Instant.now(), end).toMillis()), TimeUnit.MILLISECONDS);
        }
        killRest();
    }

    boolean ready() {
        return state instanceof ContainerState.Running && started && probedReady;
    }

    boolean isStarted() {
        return state instanceof ContainerState.Running && started;
    }

    ContainerState state() {
        return state;
    }

    Optional<ContainerState> last() {
        return Optional.ofNullable(last);
    }

    int restarts() {
        return restarts;
    }

    Container container() {
        return container;
    }
}

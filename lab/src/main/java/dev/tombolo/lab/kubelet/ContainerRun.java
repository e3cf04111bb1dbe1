package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.machine.Backoff;
import dev.tombolo.lab.machine.Cgroups;
import io.fabric8.kubernetes.api.model.Container;
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
    private final PodContext context;
    private final Container container;
    private final boolean init;
    private volatile ContainerState state = new ContainerState.Waiting("ContainerCreating", null);
    private volatile ContainerState last;
    private volatile ContainerProbes probes;
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
        var backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
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
                                .formatted(backoff.next().toMillis(), container.getName())));
            }
            backoff.pause(Duration.between(begin, Instant.now()));
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
        int code;
        try (var asked = new ContainerProbes(context, container, process, this::killRest)) {
            probes = asked;
            show(new ContainerState.Running(since));
            asked.start();
            if (stopping) {
                process.destroy();
            }
            code = process.waitFor();
        }
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
        return isStarted() && probes.ready();
    }

    boolean isStarted() {
        return state instanceof ContainerState.Running;
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

package dev.tombolo.benchmarks.egress;

import java.time.Duration;
import java.util.List;

/**
 * The smallest heap with which a gateway's agent takes in so many pods and changes of them: of its egress alone, without what
 * an agent has in memory besides.
 */
public final class HeapBenchmark {
    private static final List<Integer> PODS = List.of(10_000, 30_000, 100_000);
    private static final int POLICIES = 100;
    private static final int STEP_MB = 8;
    private static final int MOST_STEPS = 32;

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** One that does little but collect garbage is as good as dead. */
    private static final int SLOWER = 3;

    private final ScaleProcesses processes = new ScaleProcesses();

    public void run() {
        System.out.printf(
                "%nEgress, %d policies of 100 ranges each that select all pods, at a gateway, serial collector%n",
                POLICIES);
        PODS.forEach(this::report);
    }

    private void report(int pods) {
        long begin = System.nanoTime();
        processes.run(LONGEST, MOST_STEPS * STEP_MB, POLICIES, pods, "once");
        var longest = Duration.ofNanos(SLOWER * (System.nanoTime() - begin));
        int low = 0;
        int high = MOST_STEPS;
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (isEnough(middle * STEP_MB, pods, longest)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        System.out.printf("%,8d pods: smallest heap that is enough %4d MB%n", pods, high * STEP_MB);
    }

    private boolean isEnough(int heapMegabytes, int pods, Duration longest) {
        try {
            processes.run(longest, heapMegabytes, POLICIES, pods, "once");
            return true;
        } catch (IllegalStateException tooSmall) {
            return false;
        }
    }
}

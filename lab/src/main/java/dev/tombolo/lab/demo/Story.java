package dev.tombolo.lab.demo;

import dev.tombolo.lab.programs.CheckFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Tells the demo: a line for each step with its time, and a summary at the end. */
final class Story {
    private final List<Step> steps = new ArrayList<>();
    private final java.io.PrintStream out;
    private final long begin = System.nanoTime();

    private record Step(String title, String result, Duration took, boolean held) {}

    Story(java.io.PrintStream out) {
        this.out = out;
    }

    void chapter(String title) {
        out.printf("%n%s%n", title);
    }

    /** Runs one step; what it returns is shown behind its title. A step that fails ends the story. */
    void step(String title, Supplier<String> work) {
        long start = System.nanoTime();
        try {
            note(title, work.get(), start, true);
        } catch (CheckFailure failure) {
            note(title, failure.getMessage(), start, false);
            throw failure;
        }
    }

    private void note(String title, String result, long start, boolean held) {
        var step = new Step(title, result, Duration.ofNanos(System.nanoTime() - start), held);
        steps.add(step);
        out.printf("  %s %s%s (%s)%n", held ? "✔" : "✘", title, result.isEmpty() ? "" : ": " + result, time(step.took));
    }

    boolean held() {
        return !steps.isEmpty() && steps.stream().allMatch(Step::held);
    }

    void summary() {
        out.printf("%n%-62s %8s%n", "Step", "Time");
        for (Step step : steps) {
            out.printf("%s %-60s %8s%n", step.held ? "✔" : "✘", step.title, time(step.took));
        }
        out.printf("%-62s %8s%n", held() ? "Every check held." : "Not every check held.", time(elapsed()));
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Waits until a condition holds, looking again after short pauses; fails with what was waited for. */
    static void await(String what, Duration longest, BooleanSupplier condition) {
        long end = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new CheckFailure("waited " + time(longest) + " for " + what + " in vain");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(50).toNanos());
        }
    }

    private static String time(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1e3);
    }
}

package dev.tombolo.reconciler.loop;

import java.time.Duration;

/** The thread of a loop that sleeps, or waits for changes, until it is interrupted. */
public final class LoopThread {
    private LoopThread() {}

    /** Interrupts it and waits until it has ended. Whoever is interrupted meanwhile stays so, and waits no longer. */
    public static void end(Thread thread, Duration longest) {
        thread.interrupt();
        try {
            thread.join(longest);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

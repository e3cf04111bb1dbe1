package dev.tombolo.agent.egress.watch;

import java.time.Duration;

/** The time between two looks, which ends early when somebody says that there may be something to see. */
public final class Pause {
    private final Duration longest;
    private boolean over;

    public Pause(Duration longest) {
        this.longest = longest;
    }

    /** Ends this pause; where nobody pauses just now, the next one. */
    public synchronized void end() {
        over = true;
        notifyAll();
    }

    public synchronized void await() throws InterruptedException {
        if (!over) {
            wait(longest.toMillis());
        }
        over = false;
    }
}

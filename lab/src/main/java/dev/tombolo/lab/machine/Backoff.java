package dev.tombolo.lab.machine;

import java.time.Duration;

/** A pause between attempts that doubles up to a longest, and begins anew after an attempt that lasted. One thread's. */
public final class Backoff {
    private final Duration first;
    private final Duration longest;
    private Duration next;

    public Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** How long {@link #pause} will wait. */
    public Duration next() {
        return next;
    }

    /** @param lasted how long the attempt before went well */
    public void pause(Duration lasted) throws InterruptedException {
        Thread.sleep(next);
        boolean wentWell = lasted.compareTo(longest.plus(next)) > 0;
        Duration doubled = next.multipliedBy(2);
        next = wentWell ? first : doubled.compareTo(longest) > 0 ? longest : doubled;
    }
}

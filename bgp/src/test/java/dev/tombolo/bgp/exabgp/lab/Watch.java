package dev.tombolo.bgp.exabgp.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Counts a router's routes every 20 ms and notes each time that some were missing. */
public final class Watch {
    private final List<String> misses = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private int polls;

    Watch(Router router, int expected) {
        thread = Thread.ofPlatform().name("watch routes").start(() -> watch(router, expected));
    }

    private void watch(Router router, int expected) {
        long start = System.nanoTime();
        while (!stopped) {
            try {
                int count = router.count();
                polls++;
                if (count != expected) {
                    misses.add(count + " at " + (System.nanoTime() - start) / 1_000_000 + " ms");
                }
            } catch (IOException failure) {
                misses.add(failure.toString());
                return;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** What was missing when; fails if it never looked. */
    public List<String> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return polls == 0 ? List.of("never looked") : misses;
    }
}

package dev.tombolo.lab.controller;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs one piece of work on a thread of its own, again after each mark; many marks during a run make one more run. */
public final class Pulse implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Pulse.class.getName());
    private static final long FULL_PASS_SECONDS = 10;
    private static final long RETRY_MILLIS = 200;

    /** What is run; it may fail, and is then run again soon. */
    public interface Work {
        void run() throws Exception;
    }

    private final Semaphore marks = new Semaphore(0);
    private final Thread thread;

    public Pulse(String name, Work work) {
        thread = Thread.ofVirtual().name(name).unstarted(() -> loop(name, work));
    }

    public void start() {
        mark();
        thread.start();
    }

    public void mark() {
        marks.release();
    }

    private void loop(String name, Work work) {
        try {
            while (true) {
                if (marks.tryAcquire(FULL_PASS_SECONDS, TimeUnit.SECONDS)) {
                    marks.drainPermits();
                }
                try {
                    work.run();
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    LOG.log(System.Logger.Level.WARNING, name + ": " + e.getMessage());
                    Thread.sleep(RETRY_MILLIS);
                    mark();
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

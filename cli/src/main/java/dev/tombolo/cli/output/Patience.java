package dev.tombolo.cli.output;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Waits for something in a cluster, says what for, and gives up in time. */
public final class Patience {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(5);
    private final Console console;
    private final long begin = System.nanoTime();
    private final Duration longest;
    private Duration lastWord = Duration.ZERO;
    private String lastMissing = "";

    public Patience(Console console, Duration longest) {
        this.console = console;
        this.longest = longest;
    }

    /** Asks again and again; empty means that nothing is missing any more. */
    @FunctionalInterface
    public interface Question {
        Optional<String> missing() throws IOException;
    }

    /** What is still missing when the time is over; empty when nothing is. */
    public Optional<String> await(Question question) throws IOException {
        var missing = question.missing();
        while (missing.isPresent() && elapsed().compareTo(longest) < 0) {
            tell(missing.get());
            pause();
            missing = question.missing();
        }
        return missing;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void tell(String missing) {
        boolean news = !missing.equals(lastMissing);
        if (elapsed().compareTo(lastWord.plus(news ? Duration.ofSeconds(1) : BETWEEN_WORDS)) > 0) {
            console.waiting(missing, elapsed());
            lastWord = elapsed();
            lastMissing = missing;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}

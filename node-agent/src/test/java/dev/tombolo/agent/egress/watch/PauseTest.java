package dev.tombolo.agent.egress.watch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PauseTest {
    private final Pause pause = new Pause(Duration.ofDays(1));

    private CompletableFuture<Void> paused() {
        var over = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            try {
                pause.await();
                over.complete(null);
            } catch (InterruptedException closing) {
                over.completeExceptionally(closing);
            }
        });
        return over;
    }

    @Test
    void whatIsSaidBeforeAPauseIsNotLost() throws InterruptedException {
        pause.end();
        pause.await();
        var next = paused();
        assertThat(next).isNotDone();
        pause.end();
        assertThat(next).succeedsWithin(30, SECONDS);
    }

    @Test
    void itIsOverInTimeAllTheSame() throws InterruptedException {
        new Pause(Duration.ofMillis(1)).await();
    }
}

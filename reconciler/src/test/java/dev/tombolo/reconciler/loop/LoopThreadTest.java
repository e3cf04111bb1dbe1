package dev.tombolo.reconciler.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopThreadTest {
    @Test
    void wakesTheLoopAndWaitsForItsEnd() {
        var thread = Thread.ofVirtual().start(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
        LoopThread.end(thread, Duration.ofMinutes(1));
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void whoIsInterruptedWaitsNoLongerAndStaysSo() {
        var over = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            while (over.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        Thread.currentThread().interrupt();
        LoopThread.end(thread, Duration.ofMinutes(1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thread.isAlive()).isTrue();
        over.countDown();
    }
}

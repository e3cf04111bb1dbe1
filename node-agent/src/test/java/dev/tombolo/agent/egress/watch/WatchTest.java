package dev.tombolo.agent.egress.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class WatchTest {
    /** What the looks do, in their order; without any left they wait. */
    private final LinkedBlockingQueue<Watch.Look> looks = new LinkedBlockingQueue<>();

    private void next() throws IOException, InterruptedException {
        looks.take().once();
    }

    @Test
    void whatFailsIsTriedAgainAndSaidUntilItDoesNot() {
        try (var watch = Watch.start("watch", "it cannot be seen", this::next)) {
            assertThat(watch.failure()).isEmpty();
            looks.add(() -> {
                throw new IOException("away");
            });
            await().until(() -> watch.failure().isPresent());
            assertThat(watch.failure().orElseThrow())
                    .startsWith("it cannot be seen: ")
                    .endsWith("away");
            looks.add(() -> {
                throw new IllegalStateException("a fault");
            });
            await().until(() -> watch.failure().orElse("").endsWith("a fault"));
            looks.add(() -> {});
            await().until(() -> watch.failure().isEmpty());
        }
    }

    /** What it uses may be closed then. */
    @Test
    void whenItIsClosedNobodyLooksAnyMore() throws Exception {
        var ended = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        var watch = Watch.startOnTime("watch", "it cannot be seen", () -> {
            begun.countDown();
            try {
                Thread.sleep(Long.MAX_VALUE);
            } finally {
                ended.countDown();
            }
        });
        begun.await();
        watch.close();
        assertThat(ended.getCount()).isZero();
    }
}

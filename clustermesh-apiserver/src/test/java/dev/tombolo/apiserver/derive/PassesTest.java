package dev.tombolo.apiserver.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class PassesTest {
    private static final Duration LEAST = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int CHANGES = 100;
    private final Table<String, Integer> table = new Table<>("input");
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private volatile int seen;

    @Test
    void whatChangesInAHurryIsLookedAtTogether() {
        try (var _ = Passes.start("test", new Passes.Pace(LEAST, NEVER), List.of(table), (_, _) -> {}, this::pass)) {
            for (int change = 1; change <= CHANGES; change++) {
                table.put("key", change);
            }
            await().until(() -> seen == CHANGES);
        }
        assertThat(times).hasSizeBetween(1, CHANGES / 10);
        for (int pass = 1; pass < times.size(); pass++) {
            assertThat(Duration.ofNanos(times.get(pass) - times.get(pass - 1))).isGreaterThanOrEqualTo(LEAST);
        }
    }

    @Test
    void whatFailsIsSaidOnceAndTriedAgain() {
        var said = new CopyOnWriteArrayList<String>();
        try (var _ = Passes.start(
                "test", new Passes.Pace(LEAST, NEVER), List.of(table), (name, why) -> said.add(why), this::fail)) {
            await().until(() -> times.size() == 3);
            await().until(() -> said.size() == 2);
            assertThat(said).containsExactly("no answer", "");
        }
    }

    private void pass() {
        times.add(System.nanoTime());
        seen = table.snapshot().get("key").orElse(0);
    }

    private void fail() throws IOException {
        times.add(System.nanoTime());
        if (times.size() < 3) {
            throw new IOException("no answer");
        }
    }
}

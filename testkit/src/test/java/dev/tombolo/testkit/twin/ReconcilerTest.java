package dev.tombolo.testkit.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
    private final Table<String, Integer> desired = new Table<>("numbers");
    private final MapTarget<String, Integer> target = new MapTarget<>();
    private Reconciler<String, Integer> reconciler;

    @BeforeEach
    void start() {
        reconciler = new Reconciler<>(desired, target, Duration.ofHours(1), Clock.systemUTC(), new Random(1)).start();
    }

    @AfterEach
    void stop() {
        reconciler.close();
    }

    @Test
    void touchesNothingUntilTheTableIsInitialized() {
        target.meddle(Map.of("a", 1, "b", 2));
        desired.put("a", 9);
        assertThat(target.operations()).isEmpty();
        desired.markInitialized();
        await().until(() -> target.rows().equals(Map.of("a", 9)));
    }

    @Test
    void touchesOnlyTheDifferenceAtStart() {
        target.meddle(Map.of("a", 1, "b", 2, "c", 3));
        desired.replaceAll(Map.of("a", 1, "b", 5));
        desired.markInitialized();
        await().until(() -> target.rows().equals(Map.of("a", 1, "b", 5)));
        assertThat(target.operations()).containsExactly("observe", "remove c", "put b");
    }

    @Test
    void appliesEachLaterChangeOnceWithoutReadingTheTargetAgain() {
        desired.markInitialized();
        await().until(reconciler.applied()::initialized);
        desired.put("a", 1);
        await().until(() -> target.rows().equals(Map.of("a", 1)));
        desired.remove("a");
        await().until(() -> target.rows().isEmpty());
        assertThat(target.operations()).containsExactly("observe", "put a", "remove a");
    }

    @Test
    void aRowThatIsReconsideredIsAppliedAgainAndNoOther() {
        desired.replaceAll(Map.of("a", 1, "b", 2));
        desired.markInitialized();
        await().until(() -> target.rows().size() == 2);
        target.meddle(Map.of());
        reconciler.reconsider("a");
        await().until(() -> target.rows().equals(Map.of("a", 1)));
        assertThat(target.operations().getLast()).isEqualTo("put a");
    }

    @Test
    void oneRowThatFailsNeitherStopsTheOthersNorIsForgotten() {
        target.failFor("bad", "no room");
        desired.replaceAll(Map.of("bad", 1, "good", 2));
        desired.markInitialized();
        await().until(() -> target.rows().equals(Map.of("good", 2)));
        await().until(() -> reconciler.failures().containsKey("bad"));
        assertThat(reconciler.failures().get("bad").reason()).isEqualTo("no room");
        assertThat(reconciler.applied().snapshot().toMap()).isEqualTo(Map.of("good", 2));
        target.heal();
        await().until(() -> target.rows().equals(Map.of("bad", 1, "good", 2)));
        await().until(() -> reconciler.failures().isEmpty());
    }

    @Test
    void anUnreadableTargetIsLeftAloneAndTriedAgain() {
        target.makeUnreadable("gone");
        desired.put("a", 1);
        desired.markInitialized();
        await().until(() -> reconciler.observeFailure().isPresent());
        desired.put("b", 2);
        assertThat(target.operations()).containsOnly("observe");
        target.heal();
        await().until(() -> target.rows().equals(Map.of("a", 1, "b", 2)));
    }

    @Test
    void repairsWhatSomebodyElseChangedWhenAsked() {
        desired.replaceAll(Map.of("a", 1, "b", 2));
        desired.markInitialized();
        await().until(() -> target.rows().equals(Map.of("a", 1, "b", 2)));
        target.meddle(Map.of("b", 3, "c", 4));
        reconciler.requestFullPass();
        await().until(() -> target.rows().equals(Map.of("a", 1, "b", 2)));
    }

    @Test
    void endsEqualToTheTableAfterAnyChanges() {
        desired.markInitialized();
        var random = new Random(3);
        for (int step = 0; step < 3_000; step++) {
            String key = "k" + random.nextInt(40);
            if (random.nextInt(3) == 0) {
                desired.apply(Map.of(), Set.of(key));
            } else {
                desired.put(key, random.nextInt(4));
            }
        }
        await().untilAsserted(() ->
                assertThat(target.rows()).isEqualTo(desired.snapshot().toMap()));
    }
}

package dev.tombolo.reconciler.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.reconciler.table.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DerivationTest {
    private final Table<String, Integer> prices = new Table<>("prices");
    private final Table<String, Integer> amounts = new Table<>("amounts");
    private final Table<String, Integer> totals = new Table<>("totals");
    private final AtomicInteger planned = new AtomicInteger();

    private Derivation<String, Integer> start() {
        return Derivation.into(totals)
                .from(prices, List::of)
                .from(amounts, List::of)
                .keys(() -> prices.snapshot().toMap().keySet())
                .row(this::total)
                .start();
    }

    private Optional<Integer> total(String key) {
        planned.incrementAndGet();
        return prices.snapshot()
                .get(key)
                .flatMap(price -> amounts.snapshot().get(key).map(amount -> price * amount));
    }

    @Test
    void isInitializedOnlyWhenEveryInputIs() {
        try (var _ = start()) {
            prices.put("a", 2);
            amounts.put("a", 3);
            await().until(() -> totals.snapshot().toMap().equals(Map.of("a", 6)));
            prices.markInitialized();
            assertThat(totals.initialized()).isFalse();
            amounts.markInitialized();
            await().until(totals::initialized);
        }
    }

    /** A change that came while the plan failed must not be lost, or the rows would stay wrong until the next one. */
    @Test
    void aPlanThatFailsIsShownAndTriedAgain() {
        var broken = new AtomicBoolean(true);
        prices.put("a", 2);
        try (var derivation = Derivation.into(totals)
                .from(prices, List::of)
                .keys(() -> prices.snapshot().toMap().keySet())
                .row(key -> {
                    if (broken.get()) {
                        throw new IllegalStateException("no such thing");
                    }
                    return prices.snapshot().get(key);
                })
                .start()) {
            await().until(() -> derivation.failure().isPresent());
            assertThat(derivation.failure().orElseThrow()).contains("totals cannot be planned", "no such thing");
            broken.set(false);
            await().until(() -> totals.snapshot().toMap().equals(Map.of("a", 2)));
            await().until(() -> derivation.failure().isEmpty());
        }
    }

    @Test
    void plansOnlyTheRowsThatAChangeAffects() {
        prices.replaceAll(
                java.util.stream.IntStream.range(0, 1_000).boxed().collect(Collectors.toMap(i -> "k" + i, i -> i)));
        amounts.put("k7", 2);
        try (var _ = start()) {
            await().until(() -> totals.snapshot().toMap().equals(Map.of("k7", 14)));
            planned.set(0);
            amounts.put("k9", 3);
            await().until(() -> totals.snapshot().toMap().equals(Map.of("k7", 14, "k9", 27)));
            assertThat(planned).hasValue(1);
        }
    }

    @Test
    void endsWithTheSameRowsAsAFreshPlanWhateverCameBefore() {
        var random = new Random(7);
        try (var _ = start()) {
            for (int step = 0; step < 5_000; step++) {
                var table = random.nextBoolean() ? prices : amounts;
                String key = "k" + random.nextInt(30);
                if (random.nextInt(3) == 0) {
                    table.remove(key);
                } else {
                    table.put(key, random.nextInt(5));
                }
            }
            var expected = new HashMap<String, Integer>();
            prices.snapshot().forEach(row -> total(row.getKey()).ifPresent(sum -> expected.put(row.getKey(), sum)));
            await().untilAsserted(() -> assertThat(totals.snapshot().toMap()).isEqualTo(expected));
        }
    }

    /** The thread must not die of it, and what changed meanwhile must not be forgotten. */
    @Test
    void aPlanThatThrowsIsShownAndMadeAgainWithTheNextChange() {
        try (var derivation = Derivation.into(totals)
                .from(prices, List::of)
                .keys(() -> prices.snapshot().toMap().keySet())
                .row(key -> Optional.of(100 / prices.snapshot().get(key).orElse(1)))
                .start()) {
            prices.put("a", 50);
            await().until(() -> totals.snapshot().toMap().equals(Map.of("a", 2)));
            prices.apply(Map.of("b", 0, "c", 10), Set.of());
            await().until(() -> derivation.failure().isPresent());
            assertThat(derivation.failure())
                    .hasValueSatisfying(why -> assertThat(why).contains("by zero"));
            assertThat(totals.snapshot().toMap()).isEqualTo(Map.of("a", 2));
            prices.put("b", 20);
            await().until(() -> totals.snapshot().toMap().equals(Map.of("a", 2, "b", 5, "c", 10)));
            await().until(() -> derivation.failure().isEmpty());
        }
    }

    @Test
    void whatFailsBeforeAnythingWasPlannedInitializesNothing() {
        prices.put("b", 0);
        prices.markInitialized();
        try (var derivation = Derivation.into(totals)
                .fromAll(prices)
                .startWhole(() -> Map.of("b", 100 / prices.snapshot().get("b").orElse(1)))) {
            await().until(() -> derivation.failure().isPresent());
            assertThat(totals.initialized()).isFalse();
            prices.put("b", 50);
            await().until(totals::initialized);
            assertThat(totals.snapshot().toMap()).isEqualTo(Map.of("b", 2));
        }
    }

    @Test
    void aWholePlanIsMadeAgainAtAnyChange() {
        try (var _ = Derivation.into(totals)
                .fromAll(prices)
                .startWhole(() -> Map.of(
                        "sum", prices.snapshot().values().mapToInt(i -> i).sum()))) {
            prices.put("a", 2);
            prices.put("b", 3);
            await().until(() -> totals.snapshot().toMap().equals(Map.of("sum", 5)));
        }
    }

    /** After a plan that threw nothing that it remembers counts, nor what it left in the output. */
    @Test
    void aPlanThatTellsChangesIsAskedForAllRowsFirstAndAfterAFault() {
        var plan = new Counting();
        try (var derivation = Derivation.into(totals).fromAll(prices).start(plan)) {
            prices.put("a", 2);
            await().until(() -> totals.snapshot().toMap().equals(Map.of("a", 2)));
            prices.apply(Map.of("b", 3), Set.of("a"));
            await().until(() -> totals.snapshot().toMap().equals(Map.of("b", 3)));
            assertThat(plan.wholes).hasValue(1);
            prices.put("b", -1);
            await().until(() -> derivation.failure().isPresent());
            prices.apply(Map.of("c", 4), Set.of("b"));
            await().until(() -> totals.snapshot().toMap().equals(Map.of("c", 4)));
            assertThat(plan.wholes).hasValueGreaterThan(1);
        }
    }

    /** Remembers the rows that it planned, also those that it failed to tell of. */
    private final class Counting implements Replan<String, Integer> {
        private final AtomicInteger wholes = new AtomicInteger();
        private Map<String, Integer> last = Map.of();

        @Override
        public Map<String, Integer> all() {
            wholes.incrementAndGet();
            last = now();
            return last;
        }

        @Override
        public Changes<String, Integer> changes() {
            var before = last;
            last = prices.snapshot().toMap();
            var removals = new HashSet<>(before.keySet());
            removals.removeAll(last.keySet());
            var puts = new HashMap<>(now());
            puts.entrySet().removeAll(before.entrySet());
            return new Changes<>(puts, removals);
        }

        private Map<String, Integer> now() {
            var now = prices.snapshot().toMap();
            if (now.containsValue(-1)) {
                throw new IllegalStateException("no such price");
            }
            return now;
        }
    }
}

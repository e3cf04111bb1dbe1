package dev.tombolo.reconciler.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PersistentMapPropertyTest {
    /** Small changes and large ones, which are made in different ways. */
    @Property
    void isATreeMapWhateverTheSizeOfChanges(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int largest) {
        var random = new Random(seed);
        var map = PersistentMap.<Integer, Integer>empty();
        var expected = new TreeMap<Integer, Integer>();
        for (int step = 0; step < 20; step++) {
            var before = new TreeMap<>(expected);
            var old = map;
            var removals = removals(expected.keySet(), random, largest);
            var puts = puts(random, largest);
            removals.removeAll(puts.keySet());
            expected.keySet().removeAll(removals);
            expected.putAll(puts);
            map = map.with(puts, removals);
            assertThat(List.copyOf(map.asMap().entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
            assertThat(map.asMap()).isEqualTo(expected).hasSize(expected.size());
            var found = new TreeSet<Integer>();
            map.forEachDifference(old, (key, here, there) -> {
                found.add(key);
                assertThat(here.orElse(null)).isEqualTo(expected.get(key));
                assertThat(there.orElse(null)).isEqualTo(before.get(key));
            });
            assertThat(found).isEqualTo(differing(before, expected));
            assertThat(old.asMap()).isEqualTo(before);
        }
    }

    private static Set<Integer> removals(Set<Integer> keys, Random random, int largest) {
        var removals = new HashSet<Integer>();
        keys.stream()
                .filter(_ -> random.nextInt(4) == 0)
                .limit(random.nextInt(largest))
                .forEach(removals::add);
        return removals;
    }

    private static Map<Integer, Integer> puts(Random random, int largest) {
        var puts = new HashMap<Integer, Integer>();
        for (int put = random.nextInt(largest); put > 0; put--) {
            puts.put(random.nextInt(200), random.nextInt(3));
        }
        return puts;
    }

    private static Set<Integer> differing(Map<Integer, Integer> before, Map<Integer, Integer> after) {
        var keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return keys;
    }

    /** Counts comparisons, because the time that they take is not to be told from that of others. */
    private record Counted(int number, AtomicInteger comparisons) implements Comparable<Counted> {
        @Override
        public int compareTo(Counted other) {
            comparisons.incrementAndGet();
            return Integer.compare(number, other.number);
        }
    }

    @Test
    void whatDidNotChangeIsNotLookedAt() {
        var comparisons = new AtomicInteger();
        var rows = new HashMap<Counted, Integer>();
        for (int row = 0; row < 100_000; row++) {
            rows.put(new Counted(row, comparisons), row);
        }
        var map = PersistentMap.<Counted, Integer>empty().with(rows, Set.of());
        var changed = map;
        for (int row : List.of(0, 17, 50_000, 99_999)) {
            changed = changed.with(Map.of(new Counted(row, comparisons), -1), Set.of());
        }
        changed = changed.with(Map.of(new Counted(100_000, comparisons), 0), Set.of(new Counted(70_000, comparisons)));
        comparisons.set(0);

        var found = new ArrayList<Integer>();
        changed.forEachDifference(map, (key, _, _) -> found.add(key.number()));

        assertThat(found).containsExactly(0, 17, 50_000, 70_000, 99_999, 100_000);
        assertThat(comparisons).hasValueLessThan(500);
    }
}

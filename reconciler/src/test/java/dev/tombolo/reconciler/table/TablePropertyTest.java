package dev.tombolo.reconciler.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TablePropertyTest {
    sealed interface Step {
        record Put(int key, int value) implements Step {}

        record Remove(int key) implements Step {}

        record ReplaceAll(Map<Integer, Integer> rows) implements Step {}
    }

    @Property
    void isATreeMapThatRemembersWhatChanged(@ForAll("steps") List<Step> steps) {
        var table = new Table<Integer, Integer>("numbers");
        var expected = new TreeMap<Integer, Integer>();
        var seen = table.snapshot();
        var copyOfSeen = seen.toMap();
        for (int i = 0; i < steps.size(); i++) {
            play(steps.get(i), table, expected);
            assertThat(table.snapshot().toMap()).isEqualTo(expected);
            assertThat(table.snapshot().size()).isEqualTo(expected.size());
            if (i % 7 == 0) {
                assertThat(seen.toMap()).isEqualTo(copyOfSeen);
                assertThat(changedKeys(copyOfSeen, expected))
                        .isSubsetOf(table.changesSince(seen.revision()).keys());
                seen = table.snapshot();
                copyOfSeen = seen.toMap();
            }
        }
    }

    @Property
    void readsOnFromAnyKey(@ForAll("steps") List<Step> steps, @ForAll int start) {
        var table = new Table<Integer, Integer>("numbers");
        var expected = new TreeMap<Integer, Integer>();
        steps.forEach(step -> play(step, table, expected));
        var rows = new TreeMap<Integer, Integer>();
        table.snapshot().from(start).forEachRemaining(row -> rows.put(row.getKey(), row.getValue()));
        assertThat(rows).isEqualTo(expected.tailMap(start, true));
    }

    private static void play(Step step, Table<Integer, Integer> table, TreeMap<Integer, Integer> expected) {
        switch (step) {
            case Step.Put(int key, int value) -> {
                table.put(key, value);
                expected.put(key, value);
            }
            case Step.Remove(int key) -> {
                table.remove(key);
                expected.remove(key);
            }
            case Step.ReplaceAll(var rows) -> {
                table.replaceAll(rows);
                expected.clear();
                expected.putAll(rows);
            }
        }
    }

    private static Set<Integer> changedKeys(Map<Integer, Integer> before, Map<Integer, Integer> after) {
        var keys = new HashSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys.stream()
                .filter(key -> !java.util.Objects.equals(before.get(key), after.get(key)))
                .collect(Collectors.toSet());
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        var key = Arbitraries.integers().between(-40, 40);
        var value = Arbitraries.integers().between(0, 3);
        Arbitrary<Step> put = Combinators.combine(key, value).as(Step.Put::new);
        Arbitrary<Step> remove = key.map(Step.Remove::new);
        Arbitrary<Step> replace = Arbitraries.maps(key, value).ofMaxSize(20).map(Step.ReplaceAll::new);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(12, put),
                        net.jqwik.api.Tuple.of(8, remove),
                        net.jqwik.api.Tuple.of(1, replace))
                .list()
                .ofMaxSize(200);
    }
}

package dev.tombolo.egress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NumberingTest {
    private static final Numbering<String> NONE = Numbering.none();

    @Test
    void numbersStartAtOneInTheOrderOfTheKeys() {
        assertThat(NONE.next(List.of("b", "a"), _ -> false).numbers()).isEqualTo(Map.of("a", 1, "b", 2));
    }

    @Test
    void aNumberIsGivenAwayOnlyWhenNothingRefersToIt() {
        var first = NONE.next(List.of("a", "b"), _ -> false);
        var held = first.next(List.of("b", "c"), number -> number == 1);
        assertThat(held.numbers()).isEqualTo(Map.of("b", 2, "c", 3));
        assertThat(held.retired()).isEqualTo(Map.of("a", 1));
        assertThat(held.next(List.of("b", "c", "d"), _ -> false).of("d")).isEqualTo(1);
    }

    @Test
    void aKeyThatReturnsInTimeHasItsNumberAgain() {
        var numbering = NONE.next(List.of("a", "b"), _ -> false);
        for (var wanted : List.of(List.of("b"), List.of("b"), List.of("b", "c"), List.of("a", "b", "c"))) {
            numbering = numbering.next(wanted, _ -> true);
        }
        assertThat(numbering.numbers()).isEqualTo(Map.of("a", 1, "b", 2, "c", 3));
    }

    @Property
    void noNumberMeansTwoThingsAndNoneChangesWhileItIsWanted(
            @ForAll @Size(max = 30) List<@Size(max = 8) Set<@IntRange(min = 0, max = 9) Integer>> wanted,
            @ForAll @Size(max = 30) List<@Size(max = 12) Set<@IntRange(min = 1, max = 12) Integer>> inUse) {
        Numbering<Integer> numbering = Numbering.none();
        for (int i = 0; i < wanted.size(); i++) {
            var referenced = i < inUse.size() ? inUse.get(i) : Set.<Integer>of();
            var before = numbering;
            var next = before.next(wanted.get(i), referenced::contains);
            assertThat(next.numbers().keySet()).isEqualTo(wanted.get(i));
            var all = new HashMap<>(next.retired());
            all.putAll(next.numbers());
            assertThat(new HashSet<>(all.values())).hasSize(all.size());
            var held = new HashMap<>(before.retired());
            held.putAll(before.numbers());
            held.forEach((key, number) -> {
                if (next.numbers().containsKey(key) || referenced.contains(number)) {
                    assertThat(all).containsEntry(key, number);
                }
            });
            numbering = next;
        }
    }
}

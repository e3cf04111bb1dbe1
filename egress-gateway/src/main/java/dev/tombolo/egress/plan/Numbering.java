package dev.tombolo.egress.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Numbers for keys, from 1. A key keeps its number for as long as it is wanted, and gets it back when it returns while
 * something still refers to it; a number goes to another key only when nothing does.
 *
 * @param retired numbers of keys that are wanted no more, kept until nothing refers to them
 */
public record Numbering<K extends Comparable<? super K>>(Map<K, Integer> numbers, Map<K, Integer> retired) {
    public Numbering {
        numbers = Map.copyOf(numbers);
        retired = Map.copyOf(retired);
    }

    public static <K extends Comparable<? super K>> Numbering<K> none() {
        return new Numbering<K>(Map.of(), Map.of());
    }

    public int of(K key) {
        return numbers.get(key);
    }

    /** Also of a key that is wanted no more, while its number is kept. */
    public Optional<Integer> find(K key) {
        return Optional.ofNullable(numbers.getOrDefault(key, retired.get(key)));
    }

    /** The next numbering: {@code referenced} tells whether a number may still be in use where it was written to. */
    public Numbering<K> next(Collection<K> wanted, IntPredicate referenced) {
        var next = new HashMap<K, Integer>();
        var left = new HashMap<>(retired);
        left.putAll(numbers);
        for (K key : wanted) {
            Integer number = left.remove(key);
            if (number != null) {
                next.put(key, number);
            }
        }
        left.values().removeIf(number -> !referenced.test(number));
        var taken = new HashSet<>(next.values());
        taken.addAll(left.values());
        var free = new Free(taken);
        // In the order of the keys, so that the same set of new keys always gets the same numbers.
        wanted.stream()
                .filter(key -> !next.containsKey(key))
                .distinct()
                .sorted()
                .toList()
                .forEach(key -> next.put(key, free.take()));
        return new Numbering<K>(next, left);
    }

    private static final class Free {
        private final Set<Integer> taken;
        private int last;

        Free(Set<Integer> taken) {
            this.taken = taken;
        }

        int take() {
            do {
                last++;
            } while (taken.contains(last));
            return last;
        }
    }
}

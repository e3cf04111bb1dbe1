package dev.tombolo.egress.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Highest-random-weight hashing: who leaves gives up its own share only, who comes takes an equal part of each. */
final class Rendezvous {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private Rendezvous() {}

    static long hash(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
        }
        return mixed(hash);
    }

    static <T> T winner(long seed, List<T> candidates, Function<T, String> name) {
        return candidates.stream().max(byWeight(seed, name)).orElseThrow();
    }

    static <T> List<T> winners(long seed, Collection<T> candidates, Function<T, String> name, int count) {
        return candidates.stream()
                .sorted(byWeight(seed, name).reversed())
                .limit(count)
                .toList();
    }

    /** The name decides between equal weights, never the order of the candidates. */
    private static <T> Comparator<T> byWeight(long seed, Function<T, String> name) {
        return Comparator.comparingLong((T candidate) -> mixed(hash(name.apply(candidate)) + seed * GOLDEN))
                .thenComparing(name);
    }

    /** Every bit of the result depends on every bit of the argument (the finalizer of SplittableRandom). */
    private static long mixed(long bits) {
        long first = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        long second = (first ^ (first >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return second ^ (second >>> 31);
    }
}

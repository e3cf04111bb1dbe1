package dev.tombolo.agent.egress.program;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.Numbering;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The numbers that rows in the kernel have. */
public record NumbersInUse(Set<Integer> sets, Set<Integer> groups, Set<Integer> gateways) {
    /** Flows remember groups and gateways, and nobody counts them: their numbers are given away only after so many. */
    private static final int REMEMBERED = 4_096;

    /** @param rows tells of every row in the kernel */
    public static NumbersInUse of(Consumer<BiConsumer<EgressKey, Packed>> rows) {
        var used = new NumbersInUse(new HashSet<>(), new HashSet<>(), new HashSet<>());
        rows.accept(used::add);
        return used;
    }

    private void add(EgressKey key, Packed value) {
        switch (key) {
            case EgressKey.Source _ -> sets.add(((EgressSource) value).setId());
            case EgressKey.Rule rule -> sets.add(rule.number());
            case EgressKey.Group group -> groups.add(group.number());
            case EgressKey.Address address -> groups.add(address.number());
            case EgressKey.Gateway gateway -> gateways.add(gateway.number());
            case EgressKey.Internal _ -> {}
            case EgressKey.Rate _ -> {}
        }
    }

    /** Rows are many and numbers that are wanted no more are few, so the rows are read only if there is one. */
    static EgressNumbers.InUse after(EgressNumbers numbers, Supplier<NumbersInUse> rows) {
        var read = new Object() {
            private NumbersInUse used;

            NumbersInUse now() {
                used = used == null ? rows.get() : used;
                return used;
            }
        };
        return new EgressNumbers.InUse(
                number -> read.now().sets().contains(number),
                number -> remembers(numbers.groups()) || read.now().groups().contains(number),
                number -> remembers(numbers.gateways()) || read.now().gateways().contains(number));
    }

    private static boolean remembers(Numbering<String> numbers) {
        return numbers.retired().size() < REMEMBERED;
    }

    /** The same numbers, and those in the kernel of which nobody knows what they stood for. */
    EgressNumbers with(EgressNumbers known) {
        return new EgressNumbers(
                with(known.sets(), sets),
                with(known.groups(), groups),
                with(known.gateways(), gateways),
                known.policies());
    }

    private static Numbering<String> with(Numbering<String> known, Set<Integer> used) {
        Map<String, Integer> retired = new HashMap<>(known.retired());
        var strangers = new HashSet<>(used);
        strangers.removeAll(retired.values());
        strangers.removeAll(known.numbers().values());
        strangers.forEach(number -> retired.put("unknown " + number, number));
        return new Numbering<>(known.numbers(), retired);
    }
}

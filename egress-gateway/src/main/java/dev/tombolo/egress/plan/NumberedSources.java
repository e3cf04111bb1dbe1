package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.model.net.IpAddress;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The sets of pod addresses by their numbers, without a copy. */
final class NumberedSources extends AbstractMap<IpAddress, SetId> {
    private final Map<IpAddress, SetKey> sources;
    private final Map<SetKey, SetId> numbers;

    NumberedSources(Map<IpAddress, SetKey> sources, Map<SetKey, SetId> numbers) {
        this.sources = sources;
        this.numbers = numbers;
    }

    /** The addresses whose numbers differ, and maybe some that do not. */
    static Collection<IpAddress> differences(Map<IpAddress, SetId> before, Map<IpAddress, SetId> after) {
        if (before instanceof NumberedSources some && after instanceof NumberedSources now && now.agreesWith(some)) {
            return SourceSets.differences(some.sources, now.sources);
        }
        var all = new HashSet<>(before.keySet());
        all.addAll(after.keySet());
        return all;
    }

    /** A set that came back in the meantime may have another number. */
    private boolean agreesWith(NumberedSources before) {
        return numbers == before.numbers
                || numbers.entrySet().stream()
                        .allMatch(row -> before.numbers
                                .getOrDefault(row.getKey(), row.getValue())
                                .equals(row.getValue()));
    }

    @Override
    public SetId get(Object key) {
        var set = sources.get(key);
        return set == null ? null : numbers.get(set);
    }

    @Override
    public boolean containsKey(Object key) {
        return sources.containsKey(key);
    }

    @Override
    public int size() {
        return sources.size();
    }

    @Override
    public Set<Map.Entry<IpAddress, SetId>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<IpAddress, SetId>> iterator() {
                return sources.entrySet().stream()
                        .map(row -> Map.entry(row.getKey(), numbers.get(row.getValue())))
                        .iterator();
            }

            @Override
            public int size() {
                return sources.size();
            }
        };
    }

    /** The same without entries of each. */
    @Override
    public void forEach(BiConsumer<? super IpAddress, ? super SetId> action) {
        sources.forEach((address, set) -> action.accept(address, numbers.get(set)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumberedSources that
                ? numbers.equals(that.numbers) && sources.equals(that.sources)
                : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}

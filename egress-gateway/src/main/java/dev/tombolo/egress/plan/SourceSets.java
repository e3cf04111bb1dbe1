package dev.tombolo.egress.plan;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.PersistentMap;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The sets of pod addresses without a copy of them: what changed between two of these is found without reading all. */
final class SourceSets extends AbstractMap<IpAddress, SetKey> {
    private final PersistentMap<IpAddress, Claim> claims;
    private final int selected;
    private final Map<IpAddress, SetKey> others;

    /** @param selected how many of the claims have a set */
    SourceSets(PersistentMap<IpAddress, Claim> claims, int selected) {
        this(claims, selected, Map.of());
    }

    private SourceSets(PersistentMap<IpAddress, Claim> claims, int selected, Map<IpAddress, SetKey> others) {
        this.claims = claims;
        this.selected = selected;
        this.others = others;
    }

    /** These, and others of addresses that have no set here. */
    SourceSets and(Map<IpAddress, SetKey> more) {
        var all = new HashMap<>(more);
        all.putAll(others);
        all.keySet().removeIf(this::isOurs);
        return new SourceSets(claims, selected, Map.copyOf(all));
    }

    private boolean isOurs(IpAddress address) {
        return claims.get(address).flatMap(Claim::set).isPresent();
    }

    /** The addresses whose sets differ, and maybe some that do not; in their order, where that costs nothing. */
    static Collection<IpAddress> differences(Map<IpAddress, SetKey> before, Map<IpAddress, SetKey> after) {
        var differing = new LinkedHashSet<IpAddress>();
        if (before instanceof SourceSets some && after instanceof SourceSets now) {
            now.claims.forEachDifference(some.claims, (address, _, _) -> differing.add(address));
            addDifferences(some.others, now.others, differing);
        } else {
            addDifferences(before, after, differing);
        }
        return differing;
    }

    private static void addDifferences(
            Map<IpAddress, SetKey> before, Map<IpAddress, SetKey> after, Set<IpAddress> differing) {
        if (before != after) {
            Stream.concat(before.keySet().stream(), after.keySet().stream())
                    .filter(address -> !Objects.equals(before.get(address), after.get(address)))
                    .forEach(differing::add);
        }
    }

    @Override
    public SetKey get(Object key) {
        var set = claims.get((IpAddress) key).flatMap(Claim::set);
        return set.isPresent() ? set.get() : others.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return selected + others.size();
    }

    @Override
    public Set<Map.Entry<IpAddress, SetKey>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<IpAddress, SetKey>> iterator() {
                return entries().iterator();
            }

            @Override
            public int size() {
                return SourceSets.this.size();
            }
        };
    }

    private Stream<Map.Entry<IpAddress, SetKey>> entries() {
        var ours = claims.asMap().entrySet().stream()
                .filter(row -> row.getValue().set().isPresent())
                .map(row -> Map.entry(row.getKey(), row.getValue().set().get()));
        return Stream.concat(ours, others.entrySet().stream());
    }

    /** The same without entries of each. */
    @Override
    public void forEach(BiConsumer<? super IpAddress, ? super SetKey> action) {
        claims.forEach(row -> row.getValue().set().ifPresent(set -> action.accept(row.getKey(), set)));
        others.forEach(action);
    }

    /** One where anything was changed and changed back counts as another: to read all would cost more than to plan again. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SourceSets that
                ? claims.isSameAs(that.claims) && others.equals(that.others)
                : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}

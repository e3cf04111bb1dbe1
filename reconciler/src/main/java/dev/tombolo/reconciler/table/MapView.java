package dev.tombolo.reconciler.table;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** A persistent map in the form that Java's have. */
final class MapView<K extends Comparable<? super K>, V> extends AbstractMap<K, V> {
    private final PersistentMap<K, V> map;

    MapView(PersistentMap<K, V> map) {
        this.map = map;
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    @SuppressWarnings("unchecked")
    public V get(Object key) {
        return map.find((K) key);
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return map.iterator();
            }

            @Override
            public int size() {
                return map.size();
            }
        };
    }

    /** What shares all of its rows is not looked through. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MapView<?, ?> view && view.map.isSameAs(map) || super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}

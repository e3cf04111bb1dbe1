package dev.tombolo.reconciler.table;

import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** An immutable sorted map that shares structure with its predecessors: an AVL tree with path copying. */
public final class PersistentMap<K extends Comparable<? super K>, V> implements Iterable<Map.Entry<K, V>> {
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null);

    /** A change of more than one row in so many is cheaper made by building the tree anew. */
    private static final int SHARE_REBUILT = 16;

    private final Node<K, V> root;

    private PersistentMap(Node<K, V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked")
    public static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    public int size() {
        return size(root);
    }

    public Optional<V> get(K key) {
        return Optional.ofNullable(find(key));
    }

    /** Null where there is none. */
    V find(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(insert(root, key, value));
    }

    PersistentMap<K, V> without(K key) {
        return find(key) == null ? this : new PersistentMap<>(delete(root, key));
    }

    /** With all of these rows, and without those of the other keys, which are no others than the map has. */
    public PersistentMap<K, V> with(Map<? extends K, ? extends V> puts, Collection<? extends K> removals) {
        if ((puts.size() + removals.size()) > size() / SHARE_REBUILT) {
            return Rebuilding.of(this, puts, removals);
        }
        var next = this;
        for (K key : removals) {
            next = next.without(key);
        }
        for (var put : puts.entrySet()) {
            next = next.with(put.getKey(), put.getValue());
        }
        return next;
    }

    /** Of rows by rising keys. */
    static <K extends Comparable<? super K>, V> PersistentMap<K, V> ofSorted(List<? extends Map.Entry<K, V>> rows) {
        return new PersistentMap<>(balanced(rows, 0, rows.size()));
    }

    private static <K, V> Node<K, V> balanced(List<? extends Map.Entry<K, V>> rows, int from, int end) {
        if (from == end) {
            return null;
        }
        int middle = (from + end) >>> 1;
        var row = rows.get(middle);
        return node(row.getKey(), row.getValue(), balanced(rows, from, middle), balanced(rows, middle + 1, end));
    }

    /** A row that two maps have not got alike. */
    @FunctionalInterface
    public interface Difference<K, V> {
        void row(K key, Optional<V> here, Optional<V> there);
    }

    /** The rows that differ from those of {@code other}, by rising keys; what both share is not looked at. */
    public void forEachDifference(PersistentMap<K, V> other, Difference<K, V> differing) {
        new Comparison<>(root, other.root, differing).run();
    }

    /** Whether it is the very same tree. */
    public boolean isSameAs(PersistentMap<?, ?> other) {
        return root == other.root;
    }

    /** This map as one of Java's, without a copy. */
    public Map<K, V> asMap() {
        return new MapView<>(this);
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        return new Walk<>(root, null);
    }

    /** Entries from the first key that is not below {@code start}. */
    public Iterator<Map.Entry<K, V>> from(K start) {
        return new Walk<>(root, start);
    }

    record Node<K, V>(K key, V value, Node<K, V> left, Node<K, V> right, int height, int size) {}

    private static int size(Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    private static int height(Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    private static <K, V> Node<K, V> node(K key, V value, Node<K, V> left, Node<K, V> right) {
        return new Node<>(
                key, value, left, right, 1 + Math.max(height(left), height(right)), 1 + size(left) + size(right));
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> insert(Node<K, V> at, K key, V value) {
        if (at == null) {
            return node(key, value, null, null);
        }
        int order = key.compareTo(at.key);
        if (order == 0) {
            return node(key, value, at.left, at.right);
        }
        return order < 0
                ? balance(at.key, at.value, insert(at.left, key, value), at.right)
                : balance(at.key, at.value, at.left, insert(at.right, key, value));
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> delete(Node<K, V> at, K key) {
        int order = key.compareTo(at.key);
        if (order < 0) {
            return balance(at.key, at.value, delete(at.left, key), at.right);
        }
        if (order > 0) {
            return balance(at.key, at.value, at.left, delete(at.right, key));
        }
        if (at.left == null || at.right == null) {
            return at.left == null ? at.right : at.left;
        }
        Node<K, V> successor = at.right;
        while (successor.left != null) {
            successor = successor.left;
        }
        return balance(successor.key, successor.value, at.left, delete(at.right, successor.key));
    }

    private static <K, V> Node<K, V> balance(K key, V value, Node<K, V> left, Node<K, V> right) {
        int tilt = height(left) - height(right);
        if (tilt > 1) {
            return height(left.left) >= height(left.right)
                    ? node(left.key, left.value, left.left, node(key, value, left.right, right))
                    : node(
                            left.right.key,
                            left.right.value,
                            node(left.key, left.value, left.left, left.right.left),
                            node(key, value, left.right.right, right));
        }
        if (tilt < -1) {
            return height(right.right) >= height(right.left)
                    ? node(right.key, right.value, node(key, value, left, right.left), right.right)
                    : node(
                            right.left.key,
                            right.left.value,
                            node(key, value, left, right.left.left),
                            node(right.key, right.value, right.left.right, right.right));
        }
        return node(key, value, left, right);
    }

    private static final class Walk<K extends Comparable<? super K>, V> implements Iterator<Map.Entry<K, V>> {
        private final Deque<Node<K, V>> pending = new ArrayDeque<>();

        Walk(Node<K, V> root, K start) {
            Node<K, V> node = root;
            while (node != null) {
                if (start != null && node.key.compareTo(start) < 0) {
                    node = node.right;
                } else {
                    pending.push(node);
                    node = node.left;
                }
            }
        }

        @Override
        public boolean hasNext() {
            return !pending.isEmpty();
        }

        @Override
        public Map.Entry<K, V> next() {
            if (pending.isEmpty()) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = pending.pop();
            for (Node<K, V> below = node.right; below != null; below = below.left) {
                pending.push(below);
            }
            return new AbstractMap.SimpleImmutableEntry<>(node.key, node.value);
        }
    }
}

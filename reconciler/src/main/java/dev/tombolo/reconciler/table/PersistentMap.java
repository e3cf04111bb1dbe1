package dev.tombolo.reconciler.table;

import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** An immutable sorted map that shares structure with its predecessors: an AVL tree with path copying. */
final class PersistentMap<K extends Comparable<? super K>, V> implements Iterable<Map.Entry<K, V>> {
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null);
    private final Node<K, V> root;

    private PersistentMap(Node<K, V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked")
    static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    int size() {
        return size(root);
    }

    Optional<V> get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return Optional.of(node.value);
            }
            node = order < 0 ? node.left : node.right;
        }
        return Optional.empty();
    }

    PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(insert(root, key, value));
    }

    PersistentMap<K, V> without(K key) {
        return get(key).isEmpty() ? this : new PersistentMap<>(delete(root, key));
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        return new Walk<>(root, null);
    }

    /** Entries from the first key that is not below {@code start}. */
    Iterator<Map.Entry<K, V>> from(K start) {
        return new Walk<>(root, start);
    }

    private record Node<K, V>(K key, V value, Node<K, V> left, Node<K, V> right, int height, int size) {}

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

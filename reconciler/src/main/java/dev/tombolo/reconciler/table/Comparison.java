package dev.tombolo.reconciler.table;

import dev.tombolo.reconciler.table.PersistentMap.Difference;
import dev.tombolo.reconciler.table.PersistentMap.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Two trees side by side, in the order of their keys. A subtree that both have is stepped over, so that the cost is that of
 * the changes between a map and one that was made of it.
 */
final class Comparison<K extends Comparable<? super K>, V> {
    private final Walk<K, V> one;
    private final Walk<K, V> other;
    private final Difference<K, V> differing;

    Comparison(Node<K, V> one, Node<K, V> other, Difference<K, V> differing) {
        this.one = new Walk<>(one);
        this.other = new Walk<>(other);
        this.differing = differing;
    }

    /** What is left of a tree: the next is a whole subtree, or a row whose subtree to the left is done. */
    private static final class Walk<K, V> {
        private final Deque<Step<K, V>> steps = new ArrayDeque<>();

        Walk(Node<K, V> root) {
            push(root, true);
        }

        private void push(Node<K, V> node, boolean whole) {
            if (node != null) {
                steps.push(new Step<>(node, whole));
            }
        }

        /** How much there is to step over at once; nothing where the next is a row, or there is none. */
        int height() {
            return steps.isEmpty() || !steps.peek().whole()
                    ? 0
                    : steps.peek().node().height();
        }

        void open() {
            var node = steps.pop().node();
            push(node.right(), true);
            push(node, false);
            push(node.left(), true);
        }
    }

    private record Step<K, V>(Node<K, V> node, boolean whole) {}

    void run() {
        while (!one.steps.isEmpty() || !other.steps.isEmpty()) {
            if (isShared()) {
                one.steps.pop();
                other.steps.pop();
            } else if (one.height() > 0 && one.height() >= other.height()) {
                one.open();
            } else if (other.height() > 0) {
                other.open();
            } else {
                compareRows();
            }
        }
    }

    private boolean isShared() {
        return one.height() > 0
                && other.height() > 0
                && one.steps.peek().node() == other.steps.peek().node();
    }

    private void compareRows() {
        int order = order();
        if (order < 0) {
            var here = one.steps.pop().node();
            differing.row(here.key(), Optional.of(here.value()), Optional.empty());
        } else if (order > 0) {
            var there = other.steps.pop().node();
            differing.row(there.key(), Optional.empty(), Optional.of(there.value()));
        } else {
            compareValues(one.steps.pop().node(), other.steps.pop().node());
        }
    }

    private void compareValues(Node<K, V> here, Node<K, V> there) {
        if (here.value() != there.value() && !here.value().equals(there.value())) {
            differing.row(here.key(), Optional.of(here.value()), Optional.of(there.value()));
        }
    }

    private int order() {
        if (one.steps.isEmpty() || other.steps.isEmpty()) {
            return one.steps.isEmpty() ? 1 : -1;
        }
        return one.steps.peek().node().key().compareTo(other.steps.peek().node().key());
    }
}

package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.reconciler.table.PersistentMap;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pods of a table as they were at one time, also by node. Made of those before, it costs what changed between, and so
 * does finding that out again.
 */
public final class PodRows<K extends Comparable<? super K>> extends AbstractCollection<EgressPod> {
    private final PersistentMap<K, EgressPod> rows;
    private final PersistentMap<String, List<EgressPod>> byNode;

    /** Is told of a pod that came, went or is another by now. */
    @FunctionalInterface
    public interface Change {
        void pod(Optional<EgressPod> before, Optional<EgressPod> after);
    }

    private PodRows(PersistentMap<K, EgressPod> rows, PersistentMap<String, List<EgressPod>> byNode) {
        this.rows = rows;
        this.byNode = byNode;
    }

    public static <K extends Comparable<? super K>> PodRows<K> none() {
        return new PodRows<K>(PersistentMap.empty(), PersistentMap.empty());
    }

    /** What became of these pods. */
    public PodRows<K> next(PersistentMap<K, EgressPod> now) {
        var nodes = new HashMap<String, List<EgressPod>>();
        forEachChange(rows, now, (before, after) -> {
            before.filter(PodRows::isOfANode).ifPresent(pod -> on(pod, nodes).remove(pod));
            after.filter(PodRows::isOfANode).ifPresent(pod -> on(pod, nodes).add(pod));
        });
        nodes.replaceAll((_, pods) -> List.copyOf(pods));
        return new PodRows<K>(now, byNode.with(nodes, Set.of()));
    }

    /** Others have their node's address. */
    private static boolean isOfANode(EgressPod pod) {
        return !pod.hostNetwork();
    }

    private List<EgressPod> on(EgressPod pod, Map<String, List<EgressPod>> nodes) {
        return nodes.computeIfAbsent(
                pod.node(), node -> new ArrayList<>(byNode.get(node).orElse(List.of())));
    }

    /** Pods with addresses of their own. */
    public List<EgressPod> on(String node) {
        return byNode.get(node).orElse(List.of());
    }

    @SuppressWarnings("unchecked")
    private void forEachChangeSince(PodRows<?> before, Change change) {
        forEachChange(((PodRows<K>) before).rows, rows, change);
    }

    private static <K extends Comparable<? super K>> void forEachChange(
            PersistentMap<K, EgressPod> before, PersistentMap<K, EgressPod> after, Change change) {
        after.forEachDifference(before, (_, now, then) -> change.pod(then, now));
    }

    /** What changed, where both are of one table; of other collections all pods went and all came. */
    public static void forEachChange(Collection<EgressPod> before, Collection<EgressPod> after, Change change) {
        if (before instanceof PodRows<?> rows && after instanceof PodRows<?> now) {
            now.forEachChangeSince(rows, change);
            return;
        }
        before.forEach(pod -> change.pod(Optional.of(pod), Optional.empty()));
        after.forEach(pod -> change.pod(Optional.empty(), Optional.of(pod)));
    }

    @Override
    public Iterator<EgressPod> iterator() {
        return rows.asMap().values().iterator();
    }

    @Override
    public int size() {
        return rows.size();
    }

    /** The same rows; where pods were changed and changed back they count as others. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PodRows<?> that && rows.isSameAs(that.rows);
    }

    @Override
    public int hashCode() {
        return rows.size();
    }
}

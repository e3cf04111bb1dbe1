package dev.tombolo.apiserver.identity;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.identity.IdentityLabels;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Gives every set of labels in use an identity object, and takes objects away that nothing has used for a while. The
 * API server decides who gets a number: the object's name is the number. Works only while it is elected.
 *
 * <p>{@link #pass()} is called by one thread.
 */
public final class IdentityAllocator {
    /** A label change made and taken back soon keeps its number; peers that are slow keep theirs valid. */
    private static final Duration UNUSED_FOR = Duration.ofMinutes(15);

    private static final int MOST_CONFLICTS = 1_000;

    private final Table<ObjectKey, IdentityLabels> podLabels;
    private final Table<String, MeshIdentityObject> objects;
    private final SelfCluster self;
    private final Objects store;
    private final BooleanSupplier elected;
    private final Clock clock;
    private final Map<Long, Instant> unusedSince = new HashMap<>();
    private final Map<Long, IdentityLabels> mine = new HashMap<>();
    private final Set<Long> collected = new HashSet<>();

    /** The identity objects of the cluster. */
    public interface Objects {
        /** False when somebody else has taken the number already. */
        boolean create(long id, Map<String, String> labels) throws IOException;

        void delete(long id) throws IOException;
    }

    public IdentityAllocator(
            Table<ObjectKey, IdentityLabels> podLabels,
            Table<String, MeshIdentityObject> objects,
            SelfCluster self,
            Objects store,
            BooleanSupplier elected,
            Clock clock) {
        this.podLabels = podLabels;
        this.objects = objects;
        this.self = self;
        this.store = store;
        this.elected = elected;
        this.clock = clock;
    }

    /** Creates what is missing and deletes what has been unused for long. Does nothing before everything is known. */
    public void pass() throws IOException {
        var labels = podLabels.snapshot();
        var known = objects.snapshot();
        if (!labels.initialized() || !known.initialized() || !elected.getAsBoolean()) {
            return;
        }
        var used = new HashSet<IdentityLabels>();
        labels.forEach(row -> used.add(row.getValue()));
        var labelsById = known();
        allocate(used, labelsById);
        collect(used, labelsById);
    }

    /** What exists: the informer's view, and what we did that it has not been told of yet. */
    private Map<Long, IdentityLabels> known() {
        var known = new TreeMap<Long, IdentityLabels>();
        objects.snapshot()
                .forEach(row -> known.put(
                        row.getValue().id(), new IdentityLabels(row.getValue().labels())));
        mine.keySet().removeIf(known::containsKey);
        collected.retainAll(known.keySet());
        known.keySet().removeAll(collected);
        known.putAll(mine);
        return known;
    }

    private void allocate(Set<IdentityLabels> used, Map<Long, IdentityLabels> known) throws IOException {
        var taken = new TreeMap<>(known);
        for (var missing : IdentityAllocationPlan.missing(used, known, self).entrySet()) {
            long id = create(missing.getKey(), missing.getValue(), taken);
            taken.put(id, missing.getKey());
            mine.put(id, missing.getKey());
            known.put(id, missing.getKey());
        }
    }

    private long create(IdentityLabels labels, long first, TreeMap<Long, IdentityLabels> taken) throws IOException {
        long id = first;
        for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
            if (!taken.containsKey(id) && store.create(id, labels.values())) {
                return id;
            }
            taken.putIfAbsent(id, labels);
            id = IdentityAllocationPlan.nextFree(taken.navigableKeySet(), self)
                    .orElseThrow(() -> new IOException("all identities of cluster " + self.name() + " are taken"));
        }
        throw new IOException("somebody else takes every identity that is tried, " + id + " the last");
    }

    private void collect(Set<IdentityLabels> used, Map<Long, IdentityLabels> known) throws IOException {
        var kept = IdentityAllocationPlan.idByLabels(known);
        Instant now = clock.instant();
        unusedSince.keySet().retainAll(known.keySet());
        for (var object : known.entrySet()) {
            boolean inUse = used.contains(object.getValue())
                    && kept.get(object.getValue()).equals(object.getKey());
            if (inUse) {
                unusedSince.remove(object.getKey());
            } else if (!now.isBefore(
                    unusedSince.computeIfAbsent(object.getKey(), _ -> now).plus(UNUSED_FOR))) {
                store.delete(object.getKey());
                collected.add(object.getKey());
                mine.remove(object.getKey());
            }
        }
    }
}

package dev.tombolo.agent.egress.connections;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether rows have changed by which this node's pods are steered. A gateway has rows of all nodes' pods, which come and go
 * all the time and send nothing here.
 */
final class SteeringChanges {
    private final Table<EgressKey, Packed> applied;
    private final Supplier<Set<IpAddress>> pods;
    private Set<IpAddress> before = Set.of();
    private long seen = -1;

    /** @param pods the addresses of this node's pods */
    SteeringChanges(Table<EgressKey, Packed> applied, Supplier<Set<IpAddress>> pods) {
        this.applied = applied;
        this.pods = pods;
    }

    /** Since it was asked last; true the first time. */
    boolean any() {
        var changes = applied.changesSince(seen);
        seen = changes.snapshot().revision();
        boolean sources = !changes.complete() || changes.keys().stream().anyMatch(EgressKey.Source.class::isInstance);
        var own = sources ? own() : before;
        return !changes.complete() || changes.keys().stream().anyMatch(key -> steers(key, own));
    }

    /** With those that are gone now, and whose rows are. */
    private Set<IpAddress> own() {
        var now = pods.get();
        var own = new HashSet<>(before);
        own.addAll(now);
        before = now;
        return own;
    }

    private static boolean steers(EgressKey key, Set<IpAddress> own) {
        return switch (key) {
            case EgressKey.Rule _, EgressKey.Internal _ -> true;
            case EgressKey.Source(var pod) -> own.contains(pod);
            case EgressKey.Gateway _, EgressKey.Address _, EgressKey.Group _, EgressKey.Rate _ -> false;
        };
    }
}

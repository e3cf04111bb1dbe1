package dev.tombolo.agent.egress.kernel;

import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which rows of pods that were held before they ran are to stay, although no plan has them: each until its pod is known.
 * An address may be another pod's by the time that Kubernetes tells of the one before, so a held row also stays beside a
 * pod that is being stopped.
 *
 * <p>One thread tells what is known, the loop that writes the rows asks.
 */
public final class HeldPods {
    /** A row whose pod was never told of is left over once others have been told of for as long. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<IpAddress, Instant> since = new HashMap<>();
    private volatile Known known = new Known(Set.of(), Set.of(), Set.of());
    private volatile Instant told = Instant.MIN;

    /**
     * Addresses of this node's pods.
     *
     * @param unselected by no policy, and not being stopped
     * @param leaving only pods that are being stopped have them
     */
    private record Known(Set<IpAddress> all, Set<IpAddress> unselected, Set<IpAddress> leaving) {}

    /** Nothing is known of pods yet. */
    public HeldPods(InstantSource clock) {
        this.clock = clock;
    }

    /** Something was heard of pods, so that one that is not known yet is late by now. */
    public void told() {
        told = clock.instant();
    }

    /**
     * What is known from now on.
     *
     * @param own the pods of this node
     * @param selected addresses of pods that a policy selects
     */
    public void know(Stream<EgressPod> own, Set<IpAddress> selected) {
        var staying = new HashSet<IpAddress>();
        var leaving = new HashSet<IpAddress>();
        own.forEach(pod -> addresses(pod, staying, leaving).addAll(pod.addresses()));
        leaving.removeAll(staying);
        var all = new HashSet<>(staying);
        all.addAll(leaving);
        staying.removeAll(selected);
        known = new Known(Set.copyOf(all), Set.copyOf(staying), Set.copyOf(leaving));
    }

    private static Set<IpAddress> addresses(EgressPod pod, Set<IpAddress> staying, Set<IpAddress> leaving) {
        return pod.terminating() ? leaving : staying;
    }

    /** The addresses of this node's pods. */
    public Set<IpAddress> known() {
        return known.all();
    }

    /** Of all rows that are there those that the loop must not take for its own. */
    Set<IpAddress> keptOf(Map<EgressKey, Packed> rows) {
        var held = new HashSet<IpAddress>();
        rows.forEach((key, row) -> {
            if (key instanceof EgressKey.Source(var address) && isHeld(row)) {
                held.add(address);
            }
        });
        note(held);
        held.removeIf(address -> !keeps(address));
        return held;
    }

    private void note(Collection<IpAddress> held) {
        since.keySet().retainAll(held);
        Instant now = clock.instant();
        held.forEach(address -> since.putIfAbsent(address, now));
    }

    /** Whether a held row stays that no plan has. */
    boolean keeps(IpAddress address) {
        return !known.unselected().contains(address) && !isLeftOver(address);
    }

    /** Whether a held row may be of a pod that has the address next, and is not told of yet. */
    boolean mayBeNext(IpAddress address) {
        return known.leaving().contains(address);
    }

    private boolean isLeftOver(IpAddress address) {
        var first = since.get(address);
        return first != null && told.isAfter(first.plus(LONGEST));
    }

    static boolean isHeld(Packed row) {
        return row.equals(EgressSource.HELD);
    }
}

package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * A pod that says an address is its own, before the others that say so too.
 *
 * @param set that the pod is in
 * @param weaker the next of the others
 */
record Claim(EgressPod pod, Look look, Optional<SetKey> set, Optional<Claim> weaker) {
    /** Of two pods with one address the first is about to lose it. */
    private static final Comparator<EgressPod> WEAKER = Comparator.comparing((EgressPod pod) -> !pod.terminating())
            .thenComparing(EgressPod::uid, Comparator.reverseOrder())
            .thenComparing(EgressPod::fullName, Comparator.reverseOrder());

    static Claim of(EgressPod pod, Look look, Optional<SetKey> set) {
        return new Claim(pod, look, set, Optional.empty());
    }

    Claim stronger(Claim other) {
        return isStronger(other) ? this : other;
    }

    private boolean isStronger(Claim other) {
        return WEAKER.compare(pod, other.pod) >= 0;
    }

    /** With one more pod, which claims nothing besides. */
    Claim and(Claim other) {
        return isStronger(other)
                ? before(Optional.of(weaker.map(next -> next.and(other)).orElse(other)))
                : other.before(Optional.of(this));
    }

    /** Without a pod; empty where it was the only one. */
    Optional<Claim> without(EgressPod gone) {
        return pod.equals(gone)
                ? weaker
                : Optional.of(weaker.isEmpty() ? this : before(weaker.flatMap(next -> next.without(gone))));
    }

    /** With the sets that pods are in by now; itself where nothing is another. */
    Claim selectedBy(PodSelection selection) {
        var set = selection.set(pod, look);
        var next = weaker.map(claim -> claim.selectedBy(selection));
        return set.equals(this.set) && next.equals(weaker) ? this : new Claim(pod, look, set, next);
    }

    /** With the look that selectors have of the pod by now. */
    Claim lookedAtBy(PodSelection selection) {
        return new Claim(pod, selection.look(pod), set, weaker.map(claim -> claim.lookedAtBy(selection)));
    }

    private Claim before(Optional<Claim> next) {
        return new Claim(pod, look, set, next);
    }

    /** Whether a pod is counted by this one of its addresses. */
    boolean isFirst(IpAddress address) {
        return pod.addresses().getFirst().equals(address);
    }
}

package dev.tombolo.agent.egress.rows;

import dev.tombolo.egress.plan.PodRows;
import dev.tombolo.kube.object.InternalRanges;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What {@link InternalRangesPlan} plans, kept from one time to the next: of the pods only those are looked at that changed,
 * unless nodes did. The same set as before where nothing did. Confined to one thread.
 */
public final class KeptInternalRanges {
    private final Prefix tunnels;
    private Declared declared;
    private Set<Prefix> withoutPods = Set.of();
    private Predicate<IpAddress> isOutside = _ -> false;
    private Collection<EgressPod> pods = PodRows.none();
    private Map<IpAddress, Integer> outside = new HashMap<>();
    private Set<Prefix> ranges = Set.of();

    private record Declared(List<KubeNode> nodes, List<KubeService> services, List<PeerDeclaration> peers) {}

    /** @param tunnels where the tunnel addresses of this cluster are */
    public KeptInternalRanges(Prefix tunnels) {
        this.tunnels = tunnels;
    }

    /** @param now the pods that there are */
    public Set<Prefix> ranges(
            List<KubeNode> nodes, Collection<EgressPod> now, List<KubeService> services, List<PeerDeclaration> peers) {
        var next = new Declared(nodes, services, peers);
        if (!next.equals(declared)) {
            withoutPods = InternalRangesPlan.ranges(nodes, List.of(), services, peers, tunnels);
            isOutside = InternalRanges.outsideOf(nodes);
            outside = new HashMap<>();
            pods = PodRows.none();
            declared = next;
            take(now);
            join();
        } else if (take(now)) {
            join();
        }
        return ranges;
    }

    /** Whether there are other addresses by now. */
    private boolean take(Collection<EgressPod> now) {
        var before = new HashMap<IpAddress, Boolean>();
        PodRows.forEachChange(pods, now, (then, after) -> {
            then.ifPresent(pod -> count(pod, -1, before));
            after.ifPresent(pod -> count(pod, 1, before));
        });
        pods = now;
        return before.entrySet().stream().anyMatch(was -> was.getValue() != outside.containsKey(was.getKey()));
    }

    /** @param before whether addresses that are counted were there; all may be outside, so the others are not looked at */
    private void count(EgressPod pod, int one, Map<IpAddress, Boolean> before) {
        for (var address : pod.addresses()) {
            if (isOutside.test(address)) {
                before.putIfAbsent(address, outside.containsKey(address));
                if (outside.merge(address, one, Integer::sum) == 0) {
                    outside.remove(address);
                }
            }
        }
    }

    private void join() {
        var joined = new HashSet<>(withoutPods);
        outside.keySet().forEach(address -> joined.add(Prefix.host(address)));
        ranges = joined;
    }
}

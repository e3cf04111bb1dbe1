package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which set each pod is in. Pods that look the same to every selector are matched once. */
final class PodSelection {
    private final EgressState state;
    private final PolicyIndex index;
    private final Map<String, EgressNode> nodes = new HashMap<>();
    private final Map<Look, Seen> seen = new HashMap<>();
    private final Map<SetKey, SetKey> keys = new HashMap<>();

    /** What selectors can see of a pod; the node only where one of them asks for it. */
    private record Look(String namespace, String serviceAccount, Map<String, String> labels, String node) {}

    /** What came of a look: the set too, where no policy makes a difference between pods that look the same. */
    private record Seen(List<EgressPolicy> policies, Optional<SetKey> set) {}

    /** A pod that says an address is its own. */
    private record Claim(EgressPod pod, Optional<SetKey> set) {
        /** Of two pods with one address the first is about to lose it. */
        private static final Comparator<EgressPod> WEAKER = Comparator.comparing((EgressPod pod) -> !pod.terminating())
                .thenComparing(EgressPod::uid, Comparator.reverseOrder())
                .thenComparing(EgressPod::fullName, Comparator.reverseOrder());

        Claim stronger(Claim other) {
            return WEAKER.compare(pod, other.pod) >= 0 ? this : other;
        }
    }

    PodSelection(EgressState state, PolicyIndex index) {
        this.state = state;
        this.index = index;
        state.nodes().stream()
                .filter(node -> node.id().cluster().equals(state.self()))
                .forEach(node -> nodes.put(node.id().name(), node));
    }

    /** The sets of addresses, and how many pods are in each. */
    record Selected(Map<IpAddress, SetKey> sources, Map<SetKey, Integer> pods) {}

    /** An address goes by the pod that has it now, selected or not: one that is used again inherits nothing. */
    Selected selected() {
        var claims = HashMap.<IpAddress, Claim>newHashMap(state.pods().size());
        for (var pod : state.pods()) {
            // A pod on the host's network has no address of its own to claim.
            if (!pod.hostNetwork()) {
                var claim = new Claim(pod, set(pod));
                pod.addresses().forEach(address -> claims.merge(address, claim, Claim::stronger));
            }
        }
        var sources = HashMap.<IpAddress, SetKey>newHashMap(claims.size());
        var pods = new HashMap<SetKey, Integer>();
        claims.forEach((address, claim) -> claim.set().ifPresent(set -> {
            sources.put(address, set);
            boolean first = claim.pod().addresses().getFirst().equals(address);
            pods.merge(set, first ? 1 : 0, Integer::sum);
        }));
        return new Selected(sources, pods);
    }

    /** Empty where no policy selects the pod, and for pods that no policy can be meant for. */
    private Optional<SetKey> set(EgressPod pod) {
        var look =
                new Look(pod.namespace(), pod.serviceAccount(), pod.labels(), index.asksForNodes() ? pod.node() : "");
        var found = seen.computeIfAbsent(look, _ -> seen(pod));
        return found.set().isPresent() || found.policies().isEmpty()
                ? found.set()
                : Optional.of(key(found.policies(), pod));
    }

    private Seen seen(EgressPod pod) {
        var policies = index.selecting(PodLabels.of(pod, state), labels(pod.node()));
        boolean same = policies.stream()
                .noneMatch(policy ->
                        policy.gateways().size() > 1 || policy.preferences().sameZone());
        return new Seen(policies, same && !policies.isEmpty() ? Optional.of(key(policies, pod)) : Optional.empty());
    }

    /** One object for equal keys: there are few of them, and very many pods. */
    private SetKey key(List<EgressPolicy> policies, EgressPod pod) {
        var key =
                new SetKey(policies.stream().map(policy -> member(policy, pod)).toList());
        return keys.computeIfAbsent(key, same -> same);
    }

    private SetKey.Member member(EgressPolicy policy, EgressPod pod) {
        int entries = policy.gateways().size();
        int entry = entries <= 1 ? 0 : (int) Long.remainderUnsigned(Rendezvous.hash(pod.uid()), entries);
        boolean zoned = policy.preferences().sameZone();
        return new SetKey.Member(policy.name(), entry, zoned ? zone(pod.node()) : "");
    }

    private Map<String, String> labels(String node) {
        return nodes.containsKey(node) ? nodes.get(node).labels() : Map.of();
    }

    private String zone(String node) {
        return nodes.containsKey(node) ? nodes.get(node).zone() : "";
    }
}

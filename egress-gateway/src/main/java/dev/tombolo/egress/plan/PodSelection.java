package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which set each pod is in. Pods that look the same to every selector are matched once. */
final class PodSelection {
    private final ClusterName self;
    private final Map<String, Map<String, String>> namespaces;
    private final PolicyIndex index;
    private final Map<String, EgressNode> nodes;
    private final Map<Look, Seen> seen = new HashMap<>();
    private final Map<SetKey, Optional<SetKey>> keys = new HashMap<>();

    /** What came of a look: the set too, where no policy makes a difference between pods that look the same. */
    private record Seen(List<EgressPolicy> policies, Optional<SetKey> set) {}

    /** Nothing of the pods is kept. */
    PodSelection(EgressState state, PolicyIndex index) {
        this.self = state.self();
        this.namespaces = state.namespaces();
        this.index = index;
        nodes = nodes(state);
    }

    /** Of the pods' cluster, by name. */
    static Map<String, EgressNode> nodes(EgressState state) {
        var nodes = new HashMap<String, EgressNode>();
        state.nodes().stream()
                .filter(node -> node.id().cluster().equals(state.self()))
                .forEach(node -> nodes.put(node.id().name(), node));
        return nodes;
    }

    /** The sets of addresses, and how many pods are in each. */
    record Selected(Map<IpAddress, SetKey> sources, Map<SetKey, Integer> pods) {}

    /** An address goes by the pod that has it now, selected or not: one that is used again inherits nothing. */
    Selected selected(Collection<EgressPod> all) {
        var claims = HashMap.<IpAddress, Claim>newHashMap(all.size());
        for (var pod : all) {
            // A pod on the host's network has no address of its own to claim.
            if (!pod.hostNetwork()) {
                var look = look(pod);
                var claim = Claim.of(pod, look, set(pod, look));
                pod.addresses().forEach(address -> claims.merge(address, claim, Claim::stronger));
            }
        }
        var sources = HashMap.<IpAddress, SetKey>newHashMap(claims.size());
        var pods = new HashMap<SetKey, Integer>();
        claims.forEach((address, claim) -> claim.set().ifPresent(set -> {
            sources.put(address, set);
            pods.merge(set, claim.isFirst(address) ? 1 : 0, Integer::sum);
        }));
        return new Selected(sources, pods);
    }

    Look look(EgressPod pod) {
        return Look.of(pod, index.asksForNodes());
    }

    /** Empty where no policy selects the pod, and for pods that no policy can be meant for. */
    Optional<SetKey> set(EgressPod pod, Look look) {
        var found = seen.get(look);
        if (found == null) {
            found = seen(pod, look);
            seen.put(look, found);
        }
        return found.set().isPresent() || found.policies().isEmpty() ? found.set() : key(found.policies(), pod);
    }

    private Seen seen(EgressPod pod, Look look) {
        var policies = index.selecting(look.labels(self, namespaces), labels(look.node()));
        boolean same = policies.stream()
                .noneMatch(policy ->
                        policy.gateways().size() > 1 || policy.preferences().sameZone());
        return new Seen(policies, same && !policies.isEmpty() ? key(policies, pod) : Optional.empty());
    }

    /** One object for equal keys: there are few of them, and very many pods. */
    private Optional<SetKey> key(List<EgressPolicy> policies, EgressPod pod) {
        var key =
                new SetKey(policies.stream().map(policy -> member(policy, pod)).toList());
        return keys.computeIfAbsent(key, Optional::of);
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

package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.SetKey;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.protocol.EgressMessageCodec;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressConsent;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What this cluster says to each peer about egress, as keys and values of the own etcd. */
final class EgressMessagesPlan {
    private final ClusterName self;
    private final Map<String, Value> rows = new HashMap<>();

    private EgressMessagesPlan(ClusterName self) {
        this.self = self;
    }

    /**
     * The rows.
     *
     * @param decided which pods the policies select
     * @param nodes of this cluster
     */
    static Map<String, Value> rows(
            ClusterName self, EgressDecisions decided, Collection<EgressNode> nodes, Collection<MeshPeerObject> peers) {
        var plan = new EgressMessagesPlan(self);
        for (var peer : peers) {
            ClusterName.tryParse(peer.name()).filter(name -> !peer.deleting()).ifPresent(name -> {
                plan.request(name, decided);
                if (EgressConsent.isGiven(peer.annotations())) {
                    nodes.forEach(node -> plan.say(name, new EgressMessage.Offer(node)));
                }
            });
        }
        return plan.rows;
    }

    /** Nodes with the floating addresses that they own. */
    static List<EgressNode> holding(Collection<EgressNode> nodes, Map<IpAddress, EgressOwner> owners) {
        var held = new HashMap<NodeId, Set<IpAddress>>();
        owners.forEach((address, owner) ->
                held.computeIfAbsent(owner.node(), _ -> new HashSet<>()).add(address));
        return nodes.stream()
                .map(node -> node.holding(held.getOrDefault(node.id(), Set.of())))
                .toList();
    }

    /** Whether a policy's gateways are another cluster's. */
    static boolean isForOthers(EgressPolicy policy, ClusterName self) {
        return policy.preferences().cluster().filter(name -> !name.equals(self)).isPresent();
    }

    private void request(ClusterName peer, EgressDecisions decided) {
        var asking = decided.policies().stream()
                .filter(policy -> isForOthers(policy, self))
                .filter(policy -> policy.preferences().cluster().get().equals(peer))
                .collect(Collectors.toMap(EgressPolicy::name, Function.identity()));
        if (asking.isEmpty()) {
            return;
        }
        asking.values().forEach(policy -> say(peer, new EgressMessage.Request(self, policy)));
        decided.sources().forEach((address, set) -> pod(peer, address, set, asking));
    }

    private void pod(ClusterName peer, IpAddress address, SetKey set, Map<String, EgressPolicy> asking) {
        var entries = new TreeMap<String, Integer>();
        set.members().stream()
                .filter(member -> asking.containsKey(member.policy()))
                .forEach(member -> entries.put(member.policy(), member.entry()));
        if (!entries.isEmpty()) {
            say(peer, new EgressMessage.Pod(self, address, entries));
        }
    }

    private void say(ClusterName peer, EgressMessage message) {
        var key = message.key();
        rows.put(EgressMessageKeys.state(key.part(), self, peer) + key.leaf(), EgressMessageCodec.encode(message));
    }
}

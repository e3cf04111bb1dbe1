package dev.tombolo.agent.egress.neighbour;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.egress.plan.PeerRequests;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.peer.PeerDeclaration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which clusters are of interest for egress, and what they say. */
public final class NeighboursPlan {
    private NeighboursPlan() {}

    /** Declared peers that may use our gateways, and those whose gateways a policy of ours names. */
    public static Map<ClusterName, Boolean> wanted(
            Collection<PeerDeclaration> declared, Collection<EgressPolicyObject> policies) {
        var named = policies.stream()
                .flatMap(policy -> policy.reading().policy().stream())
                .flatMap(policy -> policy.preferences().cluster().stream())
                .toList();
        var wanted = new TreeMap<ClusterName, Boolean>();
        declared.stream()
                .filter(peer -> peer.mayUseGateways() || named.contains(peer.name()))
                .forEach(peer -> wanted.put(peer.name(), true));
        return wanted;
    }

    /** @param nodes of all peers, as the tunnel knows them */
    public static Neighbours neighbours(
            Collection<ClusterName> wanted, Collection<EgressMessage> believed, Map<WireGuardKey, TunnelPeer> nodes) {
        var policies = new TreeMap<ClusterName, List<EgressPolicy>>();
        var pods = new HashMap<ClusterName, Map<IpAddress, Map<String, Integer>>>();
        var offered = new ArrayList<EgressNode>();
        believed.forEach(message -> {
            switch (message) {
                case EgressMessage.Request(var from, var policy) ->
                    policies.computeIfAbsent(from, _ -> new ArrayList<>()).add(policy);
                case EgressMessage.Pod(var from, var address, var entries) ->
                    pods.computeIfAbsent(from, _ -> new HashMap<>()).put(address, entries);
                case EgressMessage.Offer(var node) -> offered.add(node);
            }
        });
        var requests = new ArrayList<PeerRequests>();
        policies.forEach(
                (from, asked) -> requests.add(PeerRequests.of(from, asked, pods.getOrDefault(from, Map.of()))));
        var peers = new HashMap<>(nodes);
        peers.values().removeIf(peer -> !wanted.contains(peer.node().cluster()));
        return new Neighbours(requests, offered, peers);
    }
}

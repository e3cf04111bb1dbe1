package dev.tombolo.agent.outside;

import dev.tombolo.agent.mesh.DeclarationPlan;
import dev.tombolo.bpf.outside.AnswerSide;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.service.AnswerConsent;
import dev.tombolo.model.service.AnsweredServices;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whose nodes answer clients outside for whose services. */
final class AnswerPlan {
    private AnswerPlan() {}

    /**
     * Here for peers to whom this cluster's administrator has consented, there where nodes of a peer tell that they do. A
     * range of which one of them does not tell so yet is none: each may have the backend.
     *
     * @param nodes of all peers
     * @param own this cluster
     */
    static Map<AnswerRule, Boolean> rules(
            Collection<MeshPeerObject> peers, Collection<MeshNode> nodes, ClusterName own) {
        var rules = new TreeMap<AnswerRule, Boolean>();
        peers.forEach(peer -> consented(peer).forEach(rule -> rules.put(rule, true)));
        var told = told(nodes, own);
        told.forEach((cluster, ranges) ->
                ranges.forEach(range -> rules.put(new AnswerRule(AnswerSide.THERE, cluster, range), true)));
        nodes.stream()
                .filter(node -> told.containsKey(node.clusterId()))
                .flatMap(AnswerPlan::asClients)
                .forEach(rule -> rules.put(rule, true));
        return rules;
    }

    private static Map<ClusterId, Set<Prefix>> told(Collection<MeshNode> nodes, ClusterName own) {
        var told = new HashMap<ClusterId, Set<Prefix>>();
        for (MeshNode node : nodes) {
            var services = node.answers().of(own);
            if (!services.isEmpty()) {
                told.computeIfAbsent(node.clusterId(), _ -> new HashSet<>(services))
                        .retainAll(services);
            }
        }
        return told;
    }

    /** Where it is not in the ipcache: there it takes them for clients of its own that somebody forges. */
    private static Stream<AnswerRule> asClients(MeshNode node) {
        return Stream.concat(node.internalAddresses().stream(), node.externalAddresses().stream())
                .map(address -> new AnswerRule(AnswerSide.CLIENT, node.clusterId(), Prefix.host(address)));
    }

    private static List<AnswerRule> consented(MeshPeerObject peer) {
        return DeclarationPlan.declaration(peer).stream()
                .flatMap(declared -> AnswerConsent.read(peer.name(), peer.annotations()).services().stream()
                        .map(range -> new AnswerRule(AnswerSide.HERE, declared.id(), range)))
                .toList();
    }

    /** Whether this node is to answer for anybody. */
    static boolean isConsented(Collection<MeshPeerObject> peers) {
        return peers.stream().anyMatch(peer -> !consented(peer).isEmpty());
    }

    /** What this node tells the mesh of rules that its kernel has. */
    static AnsweredServices told(Collection<AnswerRule> applied, Collection<MeshPeerObject> peers) {
        var ranges = new TreeMap<ClusterName, List<Prefix>>();
        for (MeshPeerObject peer : peers) {
            DeclarationPlan.declaration(peer)
                    .ifPresent(declared -> ranges.put(declared.name(), here(applied, declared.id())));
        }
        return new AnsweredServices(ranges);
    }

    private static List<Prefix> here(Collection<AnswerRule> applied, ClusterId peer) {
        var ranges = new ArrayList<Prefix>();
        applied.stream()
                .filter(rule -> rule.side() == AnswerSide.HERE && rule.cluster().equals(peer))
                .forEach(rule -> ranges.add(rule.range()));
        return ranges;
    }
}

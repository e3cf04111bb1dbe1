package dev.tombolo.bgp.report;

import dev.tombolo.model.bgp.BgpAdvertisementReading;
import dev.tombolo.model.bgp.BgpClusterConfig;
import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpOverrideReading;
import dev.tombolo.model.bgp.BgpPeerConfigReading;
import dev.tombolo.model.bgp.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What became of what was declared, from what all nodes say of themselves: said once for all of them.
 *
 * @param nodes their labels by their names
 * @param clusterConfigs those that are in force anywhere
 * @param peerConfigs the names of those that there are
 */
public record ConfigReports(
        Map<String, Map<String, String>> nodes,
        Collection<BgpClusterConfig> clusterConfigs,
        Set<String> peerConfigs,
        Collection<NodeReport> reports) {
    public ConfigReports {
        nodes = Map.copyOf(nodes);
        clusterConfigs = List.copyOf(clusterConfigs);
        peerConfigs = Set.copyOf(peerConfigs);
        reports = List.copyOf(reports);
    }

    /**
     * Of a CiliumBGPClusterConfig.
     *
     * @param nodes how many have it
     * @param sessions as in {@link NodeReport}
     */
    public record OfCluster(int nodes, String sessions, int routes, List<BgpCondition> conditions) {}

    /** Of a CiliumBGPPeerConfig. */
    public record OfPeers(String sessions, List<BgpCondition> conditions) {}

    public OfCluster clusterConfig(BgpClusterConfigReading reading) {
        var theirs = reports.stream()
                .filter(report -> report.clusterConfig().equals(Optional.of(reading.name())))
                .toList();
        var peers = theirs.stream().flatMap(report -> report.peers().stream()).toList();
        var conditions =
                BgpCondition.refused(reading.refused(), reading.config().isPresent());
        reading.config().ifPresent(config -> {
            conditions.add(noMatchingNode(config));
            conditions.add(missingPeerConfigs(config));
            conditions.add(conflicting(config));
            conditions.add(withoutSession(theirs));
        });
        int routes = theirs.stream().mapToInt(NodeReport::routes).sum();
        return new OfCluster(theirs.size(), sessions(peers), routes, List.copyOf(conditions));
    }

    private BgpCondition noMatchingNode(BgpClusterConfig config) {
        boolean none = nodes.values().stream().noneMatch(config.nodes()::matches);
        return new BgpCondition(
                "cilium.io/NoMatchingNode",
                none,
                none ? "NoNode" : "NodesMatch",
                none
                        ? "no node has the labels of spec.nodeSelector; label the nodes that are meant, or change it"
                        : "");
    }

    private BgpCondition missingPeerConfigs(BgpClusterConfig config) {
        var missing = new TreeSet<String>();
        config.instances()
                .forEach(instance -> instance.routers()
                        .forEach(router -> router.peerConfig()
                                .filter(name -> !peerConfigs.contains(name))
                                .ifPresent(missing::add)));
        return new BgpCondition(
                "cilium.io/MissingPeerConfigs",
                !missing.isEmpty(),
                missing.isEmpty() ? "PeerConfigsFound" : "PeerConfigsMissing",
                missing.isEmpty()
                        ? ""
                        : "there is no CiliumBGPPeerConfig " + String.join(", ", missing)
                                + "; peers that name it stay down: make it, or change peerConfigRef");
    }

    private BgpCondition conflicting(BgpClusterConfig config) {
        var elsewhere = reports.stream()
                .filter(report -> report.conflicting().contains(config.name()))
                .map(report -> report.node() + " has " + report.clusterConfig().orElse("another"))
                .sorted()
                .toList();
        return new BgpCondition(
                "cilium.io/ConflictingClusterConfig",
                !elsewhere.isEmpty(),
                elsewhere.isEmpty() ? "NoConflict" : "NodesHaveAnother",
                elsewhere.isEmpty()
                        ? ""
                        : BgpCondition.listed(elsewhere)
                                + "; of two that are for a node the older has it: change the nodeSelector of one");
    }

    /** Of peers that cannot have a session, whatever routers do: each once, in the words of the first of its nodes. */
    private static BgpCondition withoutSession(List<NodeReport> reports) {
        var words = new TreeMap<PeerId, String>();
        var nodes = new TreeMap<PeerId, List<String>>();
        reports.stream()
                .sorted(Comparator.comparing(NodeReport::node))
                .forEach(report -> report.refused().forEach(peer -> {
                    words.putIfAbsent(peer.id(), peer.reason() + ", " + peer.message());
                    nodes.computeIfAbsent(peer.id(), _ -> new ArrayList<>()).add(report.node());
                }));
        var said = nodes.entrySet().stream()
                .map(peer -> peer.getKey() + " on " + shortened(peer.getValue()) + ": " + words.get(peer.getKey()))
                .toList();
        return new BgpCondition(
                "tombolo.dev/PeersWithoutSession",
                !said.isEmpty(),
                said.isEmpty() ? "NonePrevented" : "PeersPrevented",
                BgpCondition.listed(said));
    }

    private static String shortened(List<String> nodes) {
        return nodes.getFirst() + (nodes.size() == 1 ? "" : " and " + (nodes.size() - 1) + " more");
    }

    public OfPeers peerConfig(BgpPeerConfigReading reading) {
        var peers = reports.stream()
                .flatMap(report -> report.peers().stream())
                .filter(peer -> peer.peerConfig().equals(Optional.of(reading.name())))
                .toList();
        var conditions =
                BgpCondition.refused(reading.refused(), reading.config().isPresent());
        var missing = peers.stream()
                .filter(peer -> peer.reason().equals("MissingAuthSecret"))
                .map(PeerReport::message)
                .findFirst();
        conditions.add(new BgpCondition(
                "cilium.io/MissingAuthSecret",
                missing.isPresent(),
                missing.isPresent() ? "SecretMissing" : "NoSecretMissing",
                missing.orElse("")));
        return new OfPeers(sessions(peers), List.copyOf(conditions));
    }

    /** Nodes need not be asked: it is in force wherever a family chooses it. */
    public static List<BgpCondition> advertisement(BgpAdvertisementReading reading) {
        boolean inForce = reading.advertisement().isPresent();
        var conditions = BgpCondition.refused(reading.refused(), inForce);
        String part = reading.refused().isEmpty() ? "AsWritten" : "InPart";
        conditions.add(new BgpCondition(
                BgpCondition.IN_FORCE,
                inForce,
                inForce ? part : "NoEntry",
                inForce ? "" : "no entry can be meant; tombolo.dev/Invalid names what to mend"));
        return List.copyOf(conditions);
    }

    public List<BgpCondition> override(BgpOverrideReading reading) {
        var conditions = BgpCondition.refused(
                reading.refused(), !reading.override().instances().isEmpty());
        conditions.add(new OverrideReport(reading, nodes, clusterConfigs).inForce());
        return List.copyOf(conditions);
    }

    private static String sessions(List<PeerReport> peers) {
        long up = peers.stream().filter(PeerReport::isEstablished).count();
        return peers.isEmpty() ? "" : up + "/" + peers.size();
    }
}

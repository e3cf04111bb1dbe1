package dev.tombolo.cli.bgp;

import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.model.bgp.BgpClusterConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was read of a cluster about BGP.
 *
 * @param nodeConfigs what nodes say of their sessions
 * @param agents what agents say of themselves, and so whether they can be believed
 */
public record ObservedBgp(
        List<BgpClusterConfigObject> clusterConfigs,
        List<BgpPeerConfigObject> peerConfigs,
        List<BgpAdvertisementObject> advertisements,
        List<BgpNodeConfigObject> nodeConfigs,
        List<KubeNode> nodes,
        List<MeshNodeObject> agents) {
    public ObservedBgp {
        clusterConfigs = List.copyOf(clusterConfigs);
        peerConfigs = List.copyOf(peerConfigs);
        advertisements = List.copyOf(advertisements);
        nodeConfigs = List.copyOf(nodeConfigs);
        nodes = List.copyOf(nodes);
        agents = List.copyOf(agents);
    }

    static ObservedBgp read(KubeApi api) throws IOException {
        var bgp = api.writes().bgp();
        return new ObservedBgp(
                bgp.clusterConfigs(),
                bgp.peerConfigs(),
                bgp.advertisements(),
                bgp.nodeConfigs(),
                api.reads().nodes(),
                api.writes().mesh().nodes());
    }

    /** Empty where nobody declared anything, or where the kinds are Cilium's own. */
    public static Optional<ObservedBgp> readIfUsed(KubeApi api) throws IOException {
        var bgp = api.writes().bgp();
        return bgp.areOurs() && !bgp.clusterConfigs().isEmpty() ? Optional.of(read(api)) : Optional.empty();
    }

    Optional<KubeNode> node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
    }

    /** What is about one node: all that is for it, and what may be. */
    ObservedBgp only(KubeNode node) {
        return new ObservedBgp(
                clusterConfigs.stream()
                        .filter(object -> object.reading()
                                .config()
                                .filter(config -> !config.nodes().matches(node.labels()))
                                .isEmpty())
                        .toList(),
                peerConfigs,
                advertisements,
                nodeConfigs,
                List.of(node),
                agents);
    }

    /** Those that are for a node; it has the first one. */
    List<BgpClusterConfig> configs(KubeNode node) {
        return configs()
                .filter(config -> config.nodes().matches(node.labels()))
                .sorted(BgpClusterConfig.RANK)
                .toList();
    }

    private Stream<BgpClusterConfig> configs() {
        return clusterConfigs.stream().flatMap(object -> object.reading().config().stream());
    }

    /** What a node says of its sessions. */
    Optional<BgpNodeConfigObject> report(KubeNode node) {
        return nodeConfigs.stream()
                .filter(object -> object.head().name().equals(node.name()))
                .findFirst();
    }

    Optional<MeshNodeObject> agent(KubeNode node) {
        return agents.stream().filter(agent -> agent.name().equals(node.name())).findFirst();
    }
}

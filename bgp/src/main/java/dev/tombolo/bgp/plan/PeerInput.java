package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpOverrideReading;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.bgp.BgpPeerConfigReading;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the sessions of a node are made of.
 *
 * @param override the one with the name of this node
 * @param passwords by the name of the Secret; empty where there is no such Secret, or no key {@code password} in it. One that
 *     has not been looked for yet is not in it
 */
public record PeerInput(
        BgpNode node,
        NodeNetwork network,
        List<BgpClusterConfigReading> clusterConfigs,
        List<BgpPeerConfigReading> peerConfigs,
        Optional<BgpOverrideReading> override,
        Map<String, Optional<Password>> passwords) {
    public PeerInput {
        clusterConfigs = List.copyOf(clusterConfigs);
        peerConfigs = List.copyOf(peerConfigs);
        passwords = Map.copyOf(passwords);
    }

    /** The Secrets that have to be looked for: those of routers of this node, and no others. */
    public Set<String> secrets() {
        var named = clusterConfigs.stream()
                .flatMap(reading -> reading.config().stream())
                .filter(config -> config.nodes().matches(node.labels()))
                .flatMap(config -> config.instances().stream())
                .flatMap(instance -> instance.routers().stream())
                .flatMap(router -> router.peerConfig().stream())
                .collect(Collectors.toSet());
        return peerConfigs.stream()
                .filter(reading -> named.contains(reading.name()))
                .flatMap(reading -> reading.config().stream())
                .flatMap(config -> config.secret().stream())
                .collect(Collectors.toSet());
    }
}

package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpOverrideReading;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.bgp.BgpPeerConfigReading;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the sessions of a node are made of.
 *
 * @param override the one with the name of this node
 * @param passwords by the name of the Secret; a Secret that is not there, or has no key {@code password}, is not in it
 */
public record PeerInput(
        BgpNode node,
        NodeNetwork network,
        List<BgpClusterConfigReading> clusterConfigs,
        List<BgpPeerConfigReading> peerConfigs,
        Optional<BgpOverrideReading> override,
        Map<String, Password> passwords) {
    public PeerInput {
        clusterConfigs = List.copyOf(clusterConfigs);
        peerConfigs = List.copyOf(peerConfigs);
        passwords = Map.copyOf(passwords);
    }
}

package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BfdTiming;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import java.util.Map;
import java.util.Optional;

/**
 * A session that is to be held.
 *
 * @param clusterConfig the CiliumBGPClusterConfig that asked for it
 * @param peerConfig the CiliumBGPPeerConfig that it is like; empty: the defaults
 * @param advertisements by family, the labels of those that count; nothing is told of a family that is not in it
 * @param nextHops by family; routes of a family that is not in it cannot be told
 * @param bfd present where the loss of the router is to be noticed by it
 * @param drain of the cluster's part that has this session
 */
public record PlannedPeer(
        BgpPeer session,
        String clusterConfig,
        Optional<String> peerConfig,
        Map<BgpFamily, LabelSelector> advertisements,
        Map<BgpFamily, IpAddress> nextHops,
        Optional<BfdTiming> bfd,
        Optional<BgpDrain> drain) {
    public PlannedPeer {
        advertisements = Map.copyOf(advertisements);
        nextHops = Map.copyOf(nextHops);
    }
}

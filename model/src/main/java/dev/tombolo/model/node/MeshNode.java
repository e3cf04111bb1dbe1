package dev.tombolo.model.node;

import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.AnsweredServices;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node as its own cluster describes it to the mesh.
 *
 * @param internalAddresses where other nodes reach it on the underlay, the WireGuard endpoint among them
 * @param tunnelAddresses its addresses inside the tunnel ({@code CiliumInternalIP} on the wire)
 * @param podRanges the ranges from which its pods get addresses; empty when the node owns none
 * @param wireGuardKey empty until its agent has published one; then the node cannot be reached yet
 * @param answers for which services of other clusters it answers clients itself
 */
public record MeshNode(
        NodeId id,
        ClusterId clusterId,
        List<IpAddress> internalAddresses,
        List<IpAddress> externalAddresses,
        List<IpAddress> tunnelAddresses,
        List<Prefix> podRanges,
        Optional<WireGuardKey> wireGuardKey,
        int wireGuardPort,
        Map<String, String> labels,
        String bootId,
        AnsweredServices answers) {
    /** The UDP port of Cilium's WireGuard, used when a node does not say another. */
    public static final int DEFAULT_WIREGUARD_PORT = 51_871;

    public static final String PUBLIC_KEY_ANNOTATION = "tombolo.dev/wireguard-public-key";
    public static final String PORT_ANNOTATION = "tombolo.dev/wireguard-port";
    public static final String TUNNEL_ADDRESS_ANNOTATION = "tombolo.dev/tunnel-address";

    public MeshNode {
        internalAddresses = List.copyOf(internalAddresses);
        externalAddresses = List.copyOf(externalAddresses);
        tunnelAddresses = List.copyOf(tunnelAddresses);
        podRanges = List.copyOf(podRanges);
        labels = Map.copyOf(labels);
    }

    /** One that answers for nobody else. */
    public MeshNode(
            NodeId id,
            ClusterId clusterId,
            List<IpAddress> internalAddresses,
            List<IpAddress> externalAddresses,
            List<IpAddress> tunnelAddresses,
            List<Prefix> podRanges,
            Optional<WireGuardKey> wireGuardKey,
            int wireGuardPort,
            Map<String, String> labels,
            String bootId) {
        this(
                id,
                clusterId,
                internalAddresses,
                externalAddresses,
                tunnelAddresses,
                podRanges,
                wireGuardKey,
                wireGuardPort,
                labels,
                bootId,
                AnsweredServices.NONE);
    }

    public MeshNode answering(AnsweredServices services) {
        return new MeshNode(
                id,
                clusterId,
                internalAddresses,
                externalAddresses,
                tunnelAddresses,
                podRanges,
                wireGuardKey,
                wireGuardPort,
                labels,
                bootId,
                services);
    }
}

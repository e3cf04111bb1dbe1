package dev.tombolo.agent.node;

import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.egress.NarrowWays;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.service.AnsweredServices;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What follows for the tunnel from what Kubernetes says of this node. */
public final class OwnNodePlan {
    /** WireGuard's headers over IPv6, the worst case. */
    private static final int OVERHEAD = 80;

    private static final String ZONE_LABEL = "topology.kubernetes.io/zone";

    private OwnNodePlan() {}

    public static OwnTunnel tunnel(Optional<KubeNode> own, String device, int underlayMtu) {
        var address = own.map(node -> node.annotations().get(MeshNode.TUNNEL_ADDRESS_ANNOTATION))
                .flatMap(IpAddress::tryParse);
        return new OwnTunnel(device, address, tunnelMtu(underlayMtu));
    }

    /** WireGuard pads to 16 bytes, but never beyond the device's MTU; 4 keeps IP headers aligned. */
    static int tunnelMtu(int underlayMtu) {
        return Math.max(1_280, underlayMtu - OVERHEAD & ~3);
    }

    /** At which ports of nodes are served. */
    public static Map<IpAddress, Boolean> addresses(Optional<KubeNode> own) {
        var addresses = new HashMap<IpAddress, Boolean>();
        own.ifPresent(node -> Stream.concat(node.internalIps().stream(), node.externalIps().stream())
                .forEach(address -> addresses.put(address, true)));
        return addresses;
    }

    /** In which zone the node is, under its name; empty where it does not say. */
    public static Map<String, String> zone(Optional<KubeNode> own) {
        return own.filter(node -> node.labels().containsKey(ZONE_LABEL))
                .map(node -> Map.of(node.name(), node.labels().get(ZONE_LABEL)))
                .orElse(Map.of());
    }

    /**
     * The annotations that are missing or wrong on the Node.
     *
     * @param answered for which services of other clusters it answers; empty: what it told before stands
     */
    public static Map<String, String> annotations(
            KubeNode own, WireGuardKey key, int port, NarrowWays ways, Optional<AnsweredServices> answered) {
        var wanted = new HashMap<>(
                Map.of(MeshNode.PUBLIC_KEY_ANNOTATION, key.base64(), MeshNode.PORT_ANNOTATION, Integer.toString(port)));
        if (!ways.equals(NarrowWays.NONE) || own.annotations().containsKey(NarrowWays.ANNOTATION)) {
            wanted.put(NarrowWays.ANNOTATION, ways.toString());
        }
        answered.filter(now -> !now.equals(AnsweredServices.NONE)
                        || own.annotations().containsKey(AnsweredServices.ANNOTATION))
                .ifPresent(now -> wanted.put(AnsweredServices.ANNOTATION, now.toString()));
        return own.annotations().entrySet().containsAll(wanted.entrySet()) ? Map.of() : wanted;
    }
}

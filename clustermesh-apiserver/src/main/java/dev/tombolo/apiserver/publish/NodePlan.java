package dev.tombolo.apiserver.publish;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.service.AnsweredServices;
import java.util.List;
import java.util.Optional;

/** What the mesh is told of a Node. */
public final class NodePlan {
    private NodePlan() {}

    /** Empty while the node has no address that others could reach. */
    public static Optional<MeshNode> node(KubeNode node, SelfCluster self) {
        if (node.internalIps().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MeshNode(
                new NodeId(self.name(), node.name()),
                self.id(),
                node.internalIps(),
                node.externalIps(),
                tunnelAddress(node).map(List::of).orElse(List.of()),
                node.podCidrs(),
                WireGuardKey.tryParse(node.annotations().get(MeshNode.PUBLIC_KEY_ANNOTATION)),
                port(node),
                node.labels(),
                node.bootId(),
                AnsweredServices.parse(node.annotations().getOrDefault(AnsweredServices.ANNOTATION, ""))));
    }

    /** The address the allocator wrote on the Node, if it is one. */
    public static Optional<IpAddress> tunnelAddress(KubeNode node) {
        return IpAddress.tryParse(node.annotations().getOrDefault(MeshNode.TUNNEL_ADDRESS_ANNOTATION, ""));
    }

    private static int port(KubeNode node) {
        String text = node.annotations().getOrDefault(MeshNode.PORT_ANNOTATION, "");
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        return port >= 1 && port <= 65_535 ? port : MeshNode.DEFAULT_WIREGUARD_PORT;
    }
}

package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.ObjectReading.isTrue;
import static dev.tombolo.kube.source.ObjectReading.list;
import static dev.tombolo.kube.source.ObjectReading.map;
import static dev.tombolo.kube.source.ObjectReading.text;

import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Nodes as rows. */
final class NodeRows {
    private NodeRows() {}

    static Optional<KubeNode> row(Node node, Consumer<Invalid> invalid) {
        var reading = new ObjectReading(node, invalid);
        var meta = node.getMetadata();
        var spec = node.getSpec() == null ? new NodeSpec() : node.getSpec();
        var status = node.getStatus() == null ? new NodeStatus() : node.getStatus();
        return Optional.of(new KubeNode(
                meta.getName(),
                text(meta.getUid()),
                map(meta.getLabels()),
                map(meta.getAnnotations()),
                reading.prefixes("spec.podCIDRs", podCidrs(spec)),
                reading.addresses("status.addresses", addresses(status, "InternalIP")),
                reading.addresses("status.addresses", addresses(status, "ExternalIP")),
                list(status.getConditions()).stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus())),
                status.getNodeInfo() == null ? "" : text(status.getNodeInfo().getBootID()),
                isTrue(spec.getUnschedulable())));
    }

    private static List<String> podCidrs(NodeSpec spec) {
        var several = list(spec.getPodCIDRs());
        return several.isEmpty() && spec.getPodCIDR() != null ? List.of(spec.getPodCIDR()) : several;
    }

    private static List<String> addresses(NodeStatus status, String type) {
        return list(status.getAddresses()).stream()
                .filter(address -> type.equals(address.getType()))
                .map(NodeAddress::getAddress)
                .toList();
    }
}

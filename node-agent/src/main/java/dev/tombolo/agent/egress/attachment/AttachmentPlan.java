package dev.tombolo.agent.egress.attachment;

import dev.tombolo.agent.egress.attachment.Attachment.Role;
import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.model.node.NodeId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which devices the programs watch: all by which pods send, whether a policy selects one yet or not, and all by which
 * packets leave the node, wherever its routes lead.
 */
public final class AttachmentPlan {
    private AttachmentPlan() {}

    /**
     * The indexes of the devices.
     *
     * @param carriers the devices of carriers that are there
     */
    public static Map<Attachment, Integer> attachments(
            NodeId self, EgressProgram program, NodeNetwork network, Set<String> carriers) {
        var attachments = new TreeMap<Attachment, Integer>();
        var uplinks = uplinks(self, program, network);
        var pods = pods(self, program, network);
        // Whatever address a policy names, a device by which pods send stays one.
        pods.removeAll(network.uplinks());
        uplinks.addAll(network.ways());
        uplinks.removeAll(pods);
        uplinks.removeIf(Carrier::isName);
        uplinks.forEach(device -> add(attachments, network, Role.UPLINK, device));
        carriers.forEach(device -> add(
                attachments,
                network,
                device.equals(Carrier.GATEWAY_DEVICE) ? Role.GATEWAY_CARRIER : Role.SOURCE_CARRIER,
                device));
        pods.forEach(device -> add(attachments, network, Role.PODS, device));
        return attachments;
    }

    private static Set<String> pods(NodeId self, EgressProgram program, NodeNetwork network) {
        return program.podsOn(self)
                .flatMap(pod -> pod.addresses().stream())
                .flatMap(address -> network.deviceOf(address).stream())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<String> uplinks(NodeId self, EgressProgram program, NodeNetwork network) {
        var devices = new HashSet<>(network.uplinks());
        program.rows().addresses().forEach((key, address) -> {
            if (key.node().equals(self)) {
                network.held(address, key.v4())
                        .ifPresent(held -> devices.add(held.link().name()));
            }
        });
        return devices;
    }

    private static void add(Map<Attachment, Integer> attachments, NodeNetwork network, Role role, String device) {
        network.link(device).ifPresent(link -> attachments.put(new Attachment(role, device), link.index()));
    }
}

package dev.tombolo.model.egress;

import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * What egress policies need to know of a pod, and no more: there are very many of these rows.
 *
 * @param node empty until it is scheduled
 * @param addresses empty until it has some
 * @param hostNetwork its addresses are its node's, so no policy can be meant for it
 * @param terminating it is being stopped; its address may soon be another pod's
 */
public record EgressPod(
        String namespace,
        String name,
        String uid,
        String serviceAccount,
        Map<String, String> labels,
        String node,
        List<IpAddress> addresses,
        boolean hostNetwork,
        boolean terminating) {
    public EgressPod {
        labels = Map.copyOf(labels);
        addresses = List.copyOf(addresses);
    }

    public String fullName() {
        return namespace + "/" + name;
    }
}

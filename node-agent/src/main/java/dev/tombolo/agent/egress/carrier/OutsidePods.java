package dev.tombolo.agent.egress.carrier;

import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses of pods that are in no range of their node, kept from one time to the next: only nodes are looked at again
 * whose pods or ranges changed. Confined to the thread that plans carriers.
 */
public final class OutsidePods {
    private Map<String, Node> nodes = Map.of();

    /** What was found on a node, and where. */
    private record Node(List<EgressPod> pods, List<Prefix> ranges, List<IpAddress> addresses) {
        static Node of(List<EgressPod> pods, List<Prefix> ranges) {
            var outside = new ArrayList<IpAddress>();
            for (var pod : pods) {
                for (var address : pod.addresses()) {
                    if (isOutside(address, ranges)) {
                        outside.add(address);
                    }
                }
            }
            return new Node(pods, ranges, List.copyOf(outside));
        }

        /** By hand: there are very many addresses. */
        private static boolean isOutside(IpAddress address, List<Prefix> ranges) {
            for (var range : ranges) {
                if (range.contains(address)) {
                    return false;
                }
            }
            return true;
        }

        /** Pods of a node that did not change are the same list. */
        boolean isOf(List<EgressPod> pods, List<Prefix> ranges) {
            return this.pods == pods && this.ranges.equals(ranges);
        }
    }

    /** By the names of the nodes; those that are not there any more are forgotten. */
    Map<String, List<IpAddress>> of(EgressState state, Iterable<KubeNode> now) {
        var next = new HashMap<String, Node>();
        var addresses = new HashMap<String, List<IpAddress>>();
        for (var node : now) {
            var pods = state.listOn(node.name());
            var known = nodes.get(node.name());
            var found = known != null && known.isOf(pods, node.podCidrs()) ? known : Node.of(pods, node.podCidrs());
            next.put(node.name(), found);
            addresses.put(node.name(), found.addresses());
        }
        nodes = next;
        return addresses;
    }
}

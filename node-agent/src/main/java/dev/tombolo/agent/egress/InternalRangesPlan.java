package dev.tombolo.agent.egress;

import dev.tombolo.agent.path.RemoteRanges;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Destinations within the clusters, and those that no gateway can stand for: they are never steered or translated. */
final class InternalRangesPlan {
    private static final List<Prefix> OF_A_LINK = List.of(
            Prefix.parse("127.0.0.0/8"),
            Prefix.parse("169.254.0.0/16"),
            Prefix.parse("224.0.0.0/4"),
            Prefix.parse("255.255.255.255/32"),
            Prefix.parse("::1/128"),
            Prefix.parse("fe80::/10"),
            Prefix.parse("ff00::/8"));

    private InternalRangesPlan() {}

    static Set<Prefix> ranges(
            Collection<KubeNode> nodes,
            Collection<EgressPod> pods,
            Collection<KubeService> services,
            Collection<PeerDeclaration> peers,
            Prefix tunnels) {
        var ranges = new TreeSet<>(OF_A_LINK);
        ranges.add(tunnels);
        ranges.addAll(RemoteRanges.of(peers));
        nodes.forEach(node -> {
            ranges.addAll(node.podCidrs());
            node.internalIps().forEach(address -> ranges.add(Prefix.host(address)));
            node.externalIps().forEach(address -> ranges.add(Prefix.host(address)));
        });
        services.forEach(service -> service.clusterIps().forEach(address -> ranges.add(Prefix.host(address))));
        var podRanges = nodes.stream().flatMap(node -> node.podCidrs().stream()).toList();
        pods.stream()
                .flatMap(pod -> pod.addresses().stream())
                .filter(address -> isOutside(podRanges, address))
                .forEach(address -> ranges.add(Prefix.host(address)));
        return ranges;
    }

    private static boolean isOutside(List<Prefix> ranges, IpAddress address) {
        return ranges.stream().noneMatch(range -> range.contains(address));
    }
}

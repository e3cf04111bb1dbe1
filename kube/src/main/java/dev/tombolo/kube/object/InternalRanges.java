package dev.tombolo.kube.object;

import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Destinations within the clusters, and those that no gateway can stand for: egress policies never steer or translate
 * what goes there.
 *
 * @param ranges with what is there, in words
 */
public record InternalRanges(SortedMap<Prefix, String> ranges) {
    private static final String OF_A_LINK = "not beyond any gateway";

    private static final List<Prefix> LINKS = List.of(
            Prefix.parse("127.0.0.0/8"),
            Prefix.parse("169.254.0.0/16"),
            Prefix.parse("224.0.0.0/4"),
            Prefix.parse("255.255.255.255/32"),
            Prefix.parse("::1/128"),
            Prefix.parse("fe80::/10"),
            Prefix.parse("ff00::/8"));

    public InternalRanges {
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
    }

    /**
     * The ranges of a cluster.
     *
     * @param peers the pods' and tunnels' ranges of other clusters
     * @param tunnels where the tunnel addresses of this cluster are
     */
    public static InternalRanges of(
            Collection<KubeNode> nodes,
            Collection<EgressPod> pods,
            Collection<KubeService> services,
            Collection<Prefix> peers,
            Prefix tunnels) {
        var ranges = new TreeMap<Prefix, String>();
        LINKS.forEach(range -> ranges.put(range, OF_A_LINK));
        ranges.put(tunnels, "of the tunnels");
        peers.forEach(range -> ranges.put(range, "of another cluster of the mesh"));
        nodes.forEach(node -> addNode(node, ranges));
        services.forEach(service ->
                service.clusterIps().forEach(address -> ranges.put(Prefix.host(address), "Service " + service.key())));
        var podRanges = nodes.stream().flatMap(node -> node.podCidrs().stream()).collect(Collectors.toSet());
        var lengths = podRanges.stream()
                .collect(Collectors.groupingBy(Prefix::isV4, Collectors.mapping(Prefix::length, Collectors.toSet())));
        pods.forEach(pod -> pod.addresses().stream()
                .filter(address -> isOutside(podRanges, lengths.getOrDefault(address.isV4(), Set.of()), address))
                .forEach(address -> ranges.putIfAbsent(Prefix.host(address), "pod " + pod.fullName())));
        return new InternalRanges(ranges);
    }

    /** By the lengths that ranges have: those are few, and the ranges as many as nodes. */
    private static boolean isOutside(Set<Prefix> ranges, Set<Integer> lengths, IpAddress address) {
        return lengths.stream().noneMatch(length -> ranges.contains(new Prefix(address, length)));
    }

    private static void addNode(KubeNode node, Map<Prefix, String> ranges) {
        node.podCidrs().forEach(range -> ranges.put(range, "of the pods on node " + node.name()));
        node.internalIps().forEach(address -> ranges.put(Prefix.host(address), "node " + node.name()));
        node.externalIps().forEach(address -> ranges.put(Prefix.host(address), "node " + node.name()));
    }

    /** The longest range with an address, and what is there. */
    public Optional<Map.Entry<Prefix, String>> around(IpAddress address) {
        return ranges.entrySet().stream()
                .filter(range -> range.getKey().contains(address))
                .max(Comparator.comparingInt(range -> range.getKey().length()));
    }
}

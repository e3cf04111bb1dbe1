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
import java.util.function.Predicate;
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
        var outside = outsideOf(nodes);
        pods.forEach(pod -> pod.addresses().stream()
                .filter(outside)
                .forEach(address -> ranges.putIfAbsent(Prefix.host(address), "pod " + pod.fullName())));
        return new InternalRanges(ranges);
    }

    /** Whether a pod's address is in the range of no node, so that it is a range of its own. */
    public static Predicate<IpAddress> outsideOf(Collection<KubeNode> nodes) {
        var ranges = nodes.stream().flatMap(node -> node.podCidrs().stream()).collect(Collectors.toSet());
        int[] ofV4 = lengths(ranges, true);
        int[] ofV6 = lengths(ranges, false);
        return address -> isOutside(ranges, address.isV4() ? ofV4 : ofV6, address);
    }

    private static int[] lengths(Set<Prefix> ranges, boolean v4) {
        return ranges.stream()
                .filter(range -> range.isV4() == v4)
                .mapToInt(Prefix::length)
                .distinct()
                .toArray();
    }

    /** By the lengths that ranges have: those are few, and the ranges as many as nodes. */
    private static boolean isOutside(Set<Prefix> ranges, int[] lengths, IpAddress address) {
        for (int length : lengths) {
            if (ranges.contains(new Prefix(address, length))) {
                return false;
            }
        }
        return true;
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

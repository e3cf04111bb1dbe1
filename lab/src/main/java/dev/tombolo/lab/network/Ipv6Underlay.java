package dev.tombolo.lab.network;

/** The IPv6 addresses of a lab beside those of IPv4. Nobody between the clusters knows a way to pods. */
final class Ipv6Underlay {
    private static final String ROUTER_OUTSIDE = "2001:db8:51::1";

    private final Topology topology;
    private final Lines lines;

    /** Where commands go. */
    interface Lines {
        void add(String format, Object... arguments);
    }

    Ipv6Underlay(Topology topology, Lines lines) {
        this.topology = topology;
        this.lines = lines;
    }

    void build() {
        String internet = topology.home().namespace("internet");
        String outside = topology.home().namespace("outside");
        prepare(internet);
        // As with IPv4: a test of path MTUs must not depend on how many errors there were before.
        lines.add("ip netns exec %s sysctl -qw net.ipv6.icmp.ratelimit=0", internet);
        lines.add("ip -n %s addr add %s/64 dev outside nodad", internet, ROUTER_OUTSIDE);
        prepare(outside);
        address(outside, Topology.OUTSIDE_IPV6_ADDRESS, ROUTER_OUTSIDE);
        topology.clusters().forEach(cluster -> cluster(internet, cluster));
    }

    private void cluster(String internet, Topology.Cluster cluster) {
        lines.add(
                "ip -n %s addr add %s/64 dev %s nodad",
                internet, cluster.ipv6Gateway(), Underlay.bridge(cluster.index()));
        prepare(cluster.namespace());
        address(cluster.namespace(), cluster.ipv6Address(), cluster.ipv6Gateway());
        for (Topology.Node node : cluster.nodes()) {
            prepare(node.namespace());
            address(node.namespace(), node.ipv6Address(), cluster.ipv6Gateway());
            cluster.nodes().stream()
                    .filter(other -> !other.equals(node))
                    .forEach(other -> lines.add(
                            "ip -n %s route add %s via %s",
                            node.namespace(), other.ipv6PodRange(), other.ipv6Address()));
            podNetworkRules(cluster, node);
        }
    }

    /** As {@link Underlay} has it for IPv4. */
    private void podNetworkRules(Topology.Cluster cluster, Topology.Node node) {
        lines.add(
                "ip netns exec %s nft 'table ip6 lab-pods { chain post { type nat hook postrouting priority 98; ip6 saddr %s ip6 daddr %s snat to ip6 saddr; }; }'",
                node.namespace(), cluster.ipv6PodRange(), cluster.ipv6PodRange());
    }

    /** Nobody has the addresses twice, and a pod would wait a second for the answer that none comes. */
    private void prepare(String namespace) {
        lines.add(
                "ip netns exec %s sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0",
                namespace);
    }

    private void address(String namespace, String address, String gateway) {
        lines.add(
                "ip -n %s addr add %s/64 dev eth0 nodad; ip -n %s route add default via %s",
                namespace, address, namespace, gateway);
    }
}

package dev.tombolo.lab.network;

import dev.tombolo.lab.machine.Commands;
import java.io.IOException;

/** The namespaces and cables between them: an internet, an outside, and for each cluster a control plane and nodes. */
public final class Underlay {
    private final Topology topology;
    private final StringBuilder text = new StringBuilder();

    private Underlay(Topology topology) {
        this.topology = topology;
    }

    public static void build(Topology topology) throws IOException {
        Commands.script(new Underlay(topology).script());
    }

    String script() {
        String internet = topology.home().namespace("internet");
        namespace(internet);
        add(
                "ip netns exec %s sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0"
                        + " net.ipv4.icmp_ratelimit=0",
                internet);
        String outside = topology.home().namespace("outside");
        namespace(outside);
        add("ip link add outside netns %s type veth peer name eth0 netns %s", internet, outside);
        add("ip -n %s addr add 198.51.100.1/24 dev outside; ip -n %s link set outside up", internet, internet);
        address(outside, Topology.OUTSIDE_ADDRESS, "198.51.100.1");
        topology.clusters().forEach(c -> cluster(internet, c));
        if (topology.families().hasIpv6()) {
            new Ipv6Underlay(topology, this::add).build();
        }
        faults(internet);
        return text.toString();
    }

    private void cluster(String internet, Topology.Cluster cluster) {
        String bridge = bridge(cluster.index());
        add("ip -n %s link add %s type bridge forward_delay 0", internet, bridge);
        add(
                "ip -n %s addr add %s/24 dev %s; ip -n %s link set %s up",
                internet, cluster.gateway(), bridge, internet, bridge);
        member(internet, cluster, cluster.namespace(), "c" + cluster.index() + "cp", cluster.address());
        for (Topology.Node node : cluster.nodes()) {
            member(internet, cluster, node.namespace(), "c" + cluster.index() + "n" + node.index(), node.address());
            cluster.nodes().stream()
                    .filter(other -> !other.equals(node))
                    .forEach(other ->
                            add("ip -n %s route add %s via %s", node.namespace(), other.podRange(), other.address()));
            podNetworkRules(cluster, node);
        }
    }

    private void member(String internet, Topology.Cluster cluster, String namespace, String port, String address) {
        namespace(namespace);
        add("ip link add %s netns %s type veth peer name eth0 netns %s", port, internet, namespace);
        add("ip -n %s link set %s master %s up", internet, port, bridge(cluster.index()));
        address(namespace, address, cluster.gateway());
    }

    /** The CNI plugins masquerade whatever leaves the node; inside a cluster, Kubernetes wants pods to see each other's addresses. */
    private void podNetworkRules(Topology.Cluster cluster, Topology.Node node) {
        add(
                "ip netns exec %s nft 'table ip lab-pods { chain post { type nat hook postrouting priority 98; ip saddr %s ip daddr %s snat to ip saddr; }; }'",
                node.namespace(), cluster.podRange(), cluster.podRange());
    }

    /** Chains that `fault` fills: `forward` for routed traffic, a bridge table for nodes of one cluster. */
    private void faults(String internet) {
        add(
                "ip netns exec %s nft 'table inet faults { chain forward { type filter hook forward priority 0; }; chain output { type filter hook output priority 0; }; };"
                        + " table bridge faults { chain forward { type filter hook forward priority 0; }; };"
                        + " table ip faultnat { chain post { type nat hook postrouting priority 100; }; }'",
                internet);
    }

    private void namespace(String name) {
        add("ip netns add %s; ip -n %s link set lo up", name, name);
        // Debian's systemd sets rp_filter 2 on every device; a new device copies `default`.
        add(
                "ip netns exec %s sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=2",
                name);
    }

    private void address(String namespace, String address, String gateway) {
        add(
                "ip -n %s addr add %s/24 dev eth0; ip -n %s link set eth0 up; ip -n %s route add default via %s",
                namespace, address, namespace, namespace, gateway);
    }

    static String bridge(int cluster) {
        return "net" + cluster;
    }

    private void add(String format, Object... arguments) {
        text.append(format.formatted(arguments)).append('\n');
    }
}

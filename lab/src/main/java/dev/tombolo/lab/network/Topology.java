package dev.tombolo.lab.network;

import dev.tombolo.lab.machine.LabHome;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Who is in a lab and which addresses they have. */
public record Topology(LabHome home, List<Cluster> clusters, Families families) {
    public static final String OUTSIDE_ADDRESS = "198.51.100.10";
    public static final String OUTSIDE_IPV6_ADDRESS = "2001:db8:51::10";
    public static final String SERVICE_CIDR = "10.96.0.0/16";
    public static final String API_SERVICE_ADDRESS = "10.96.0.1";
    public static final int API_PORT = 6443;

    public static Topology of(LabHome home, int clusters, int nodes, Families families) {
        return new Topology(
                home,
                IntStream.rangeClosed(1, clusters)
                        .mapToObj(c -> new Cluster(
                                home,
                                c,
                                IntStream.rangeClosed(1, nodes)
                                        .mapToObj(n -> new Node(home, c, n, families))
                                        .toList()))
                        .toList(),
                families);
    }

    public Path internet() {
        return LabHome.namespacePath(home.namespace("internet"));
    }

    public Cluster cluster(String name) {
        return clusters.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no cluster " + name + " in this lab; it has "
                        + clusters.stream().map(Cluster::name).toList()));
    }

    private static String networkPlugin(int cluster) {
        return cluster % 2 == 1 ? "bridge" : "ptp";
    }

    /** A cluster: a node network behind its own bridge in the internet namespace. */
    public record Cluster(LabHome home, int index, List<Node> nodes) {
        public String name() {
            return "cluster" + index;
        }

        public String address() {
            return "172.30." + index + ".2";
        }

        public String gateway() {
            return "172.30." + index + ".1";
        }

        public String podRange() {
            return "10." + index + ".0.0/16";
        }

        public String ipv6Address() {
            return "fd30:" + index + "::2";
        }

        public String ipv6Gateway() {
            return "fd30:" + index + "::1";
        }

        public String ipv6PodRange() {
            return "fd10:" + index + "::/32";
        }

        public String namespace() {
            return home.namespace(name() + "-cp");
        }

        /** Odd clusters have the bridge plugin, even ones ptp: pods sit differently behind their nodes. */
        public String networkPlugin() {
            return Topology.networkPlugin(index);
        }

        public Node node(String name) {
            return nodes.stream()
                    .filter(n -> n.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no node " + name + " in " + name() + "; it has "
                            + nodes.stream().map(Node::name).toList()));
        }
    }

    /** A node: an address, a range for its pods and a namespace. */
    public record Node(LabHome home, int cluster, int index, Families families) {
        public String name() {
            return "node" + index;
        }

        public String clusterName() {
            return "cluster" + cluster;
        }

        public String address() {
            return "172.30." + cluster + "." + (10 + index);
        }

        public String podRange() {
            return "10." + cluster + "." + index + ".0/24";
        }

        public String ipv6Address() {
            return "fd30:" + cluster + "::" + (10 + index);
        }

        public String ipv6PodRange() {
            return "fd10:" + cluster + ":" + index + "::/64";
        }

        public List<String> addresses() {
            return families.hasIpv6() ? List.of(address(), ipv6Address()) : List.of(address());
        }

        public List<String> podRanges() {
            return families.hasIpv6() ? List.of(podRange(), ipv6PodRange()) : List.of(podRange());
        }

        public String namespace() {
            return home.namespace(clusterName() + "-" + name());
        }

        public String networkPlugin() {
            return Topology.networkPlugin(cluster);
        }

        public Path directory() {
            return home.path(clusterName(), name());
        }
    }
}

package dev.tombolo.lab.network;

import dev.tombolo.lab.machine.Commands;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Breaks and mends the internet between clusters. All state is the kernel's: any process can heal what another broke. */
public final class Faults {
    private static final int WHOLE = 100;
    private final Topology topology;

    public Faults(Topology topology) {
        this.topology = topology;
    }

    public String cut(String a, String b) throws IOException {
        both(a, b, "drop");
        return "nothing passes between " + a + " and " + b;
    }

    public String drop(String a, String b, int percent) throws IOException {
        both(a, b, "numgen random mod %d < %d drop".formatted(WHOLE, percent));
        return percent + " % of the packets between " + a + " and " + b + " are lost";
    }

    private void both(String a, String b, String verdict) throws IOException {
        String one = address(a);
        String other = address(b);
        for (List<String> pair : List.of(List.of(one, other), List.of(other, one))) {
            String match = "ip saddr %s ip daddr %s ".formatted(pair.getFirst(), pair.getLast());
            rule("inet faults forward " + match + verdict);
            // Nodes of one cluster share a bridge, which routes nothing.
            rule("bridge faults forward " + match + verdict);
        }
    }

    /** The router's route carries a locked MTU: too big packets are answered by ICMP, unless that is blocked. */
    public String mtu(int bytes) throws IOException {
        for (Topology.Cluster cluster : topology.clusters()) {
            route(cluster, "mtu lock " + bytes);
        }
        return "the internet passes packets of up to " + bytes + " bytes";
    }

    public String blockIcmp() throws IOException {
        rule("inet faults forward meta l4proto icmp drop");
        rule("inet faults output meta l4proto icmp drop");
        return "no ICMP passes the internet";
    }

    public String nat(String cluster) throws IOException {
        int index = topology.cluster(cluster).index();
        rule("ip faultnat post iifname %s oifname != %s masquerade"
                .formatted(Underlay.bridge(index), Underlay.bridge(index)));
        return cluster + " is behind NAT";
    }

    public String heal() throws IOException {
        in("nft flush table inet faults; nft flush table bridge faults; nft flush table ip faultnat");
        for (Topology.Cluster cluster : topology.clusters()) {
            route(cluster, "");
        }
        return "the internet is whole again";
    }

    private void route(Topology.Cluster cluster, String options) throws IOException {
        in("ip route replace 172.30.%d.0/24 dev %s proto kernel scope link src %s %s"
                .formatted(cluster.index(), Underlay.bridge(cluster.index()), cluster.gateway(), options));
    }

    private String address(String place) {
        String[] parts = place.toLowerCase(Locale.ROOT).split("/");
        if (place.equals("outside")) {
            return Topology.OUTSIDE_ADDRESS;
        }
        Topology.Cluster cluster = topology.cluster(parts[0]);
        return parts.length == 1
                ? "172.30." + cluster.index() + ".0/24"
                : cluster.node(parts[1]).address();
    }

    private void rule(String rule) throws IOException {
        in("nft 'add rule " + rule + "'");
    }

    private void in(String command) throws IOException {
        Commands.run("ip", "netns", "exec", topology.home().namespace("internet"), "sh", "-ec", command);
    }
}

package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Notes, in the internet, under which addresses packets of a cluster are on their way to the world outside: whatever the
 * nodes believe, this is what leaves them.
 */
final class LeavingTraffic implements AutoCloseable {
    private static final Pattern NOTED = Pattern.compile("[\\da-f.:]+[.:][\\da-f]+ \\. [\\w-]+");

    /** Before routing, so that a packet whose answer would never find back is noted too. */
    private static final String TABLE = """
            table inet leaving%1$d
            delete table inet leaving%1$d
            table inet leaving%1$d {
              set sources { type ipv4_addr . inet_proto; size 4096; flags dynamic; }
              set ipv6_sources { type ipv6_addr . inet_proto; size 4096; flags dynamic; }
              chain arriving {
                type filter hook prerouting priority -300;
                iifname "net%1$d" ip6 daddr 2001:db8:51::/64 update @ipv6_sources { ip6 saddr . meta l4proto }
                iifname "net%1$d" ip daddr 198.51.100.0/24 update @sources { ip saddr . meta l4proto }
              }
            }
            """;

    /** A machine beside the nodes, which knows nothing of Tombolo, sends under a pod's address and under its own. */
    private static final String CONTROL = """
            ip addr add 10.%1$d.250.1/32 dev lo
            ip route add 198.51.100.10/32 via 172.30.%1$d.1 src 10.%1$d.250.1
            echo > /dev/udp/198.51.100.10/9
            ip route del 198.51.100.10/32
            ip addr del 10.%1$d.250.1/32 dev lo
            echo > /dev/udp/198.51.100.10/9
            """;

    private static final String IPV6_CONTROL = """
            ip addr add fd10:%1$d:250::1/128 dev lo nodad
            ip route add 2001:db8:51::10/128 via fd30:%1$d::1 src fd10:%1$d:250::1
            echo > /dev/udp/2001:db8:51::10/9
            ip route del 2001:db8:51::10/128
            ip addr del fd10:%1$d:250::1/128 dev lo
            echo > /dev/udp/2001:db8:51::10/9
            """;

    private final MeshLab lab;
    private final int cluster;

    private LeavingTraffic(MeshLab lab, int cluster) {
        this.lab = lab;
        this.cluster = cluster;
    }

    /** Begins to note what leaves cluster1. */
    static LeavingTraffic watch(MeshLab lab) {
        return watch(lab, 1);
    }

    /** Begins to note, once it is proven that addresses of pods and of nodes would be noted. */
    static LeavingTraffic watch(MeshLab lab, int cluster) {
        var leaving = new LeavingTraffic(lab, cluster);
        leaving.reset();
        lab.in("cluster" + cluster + "-cp", CONTROL.formatted(cluster));
        assertThat(leaving.sources())
                .as("addresses that were sent under on purpose")
                .contains("10." + cluster + ".250.1 . udp", "172.30." + cluster + ".2 . udp");
        leaving.reset();
        return leaving;
    }

    /** The same where the cluster has IPv6 too. */
    static LeavingTraffic watchBothFamilies(MeshLab lab, int cluster) {
        var leaving = watch(lab, cluster);
        lab.in("cluster" + cluster + "-cp", IPV6_CONTROL.formatted(cluster));
        assertThat(leaving.sources())
                .as("IPv6 addresses that were sent under on purpose")
                .contains("fd10:" + cluster + ":250::1 . udp", "fd30:" + cluster + "::2 . udp");
        leaving.reset();
        return leaving;
    }

    /** Each address with each protocol that it was seen with. */
    Set<String> sources() {
        return NOTED.matcher(lab.in("internet", "nft list table inet leaving" + cluster))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private void reset() {
        lab.in("internet", "nft -f - <<'END'\n" + TABLE.formatted(cluster) + "END\n");
    }

    @Override
    public void close() {
        lab.in("internet", "nft delete table inet leaving" + cluster);
    }
}

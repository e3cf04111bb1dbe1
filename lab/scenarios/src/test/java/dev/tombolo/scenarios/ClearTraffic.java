package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Counts, in the internet between the clusters, the packets from or to addresses of pods and of the tunnel: all of them
 * should have been inside WireGuard.
 */
final class ClearTraffic implements AutoCloseable {
    private static final Pattern COUNTED = Pattern.compile("counter packets (\\d+)");

    /**
     * Before routing, so that a packet that the internet would not forward is counted too. What stays within a cluster is
     * its CNI's own, and passes here where bridged packets are filtered.
     */
    private static final String TABLE = """
            table inet clear
            delete table inet clear
            table inet clear {
              set inside { type ipv4_addr; flags interval; elements = { 10.1.0.0/16, 10.2.0.0/16, 100.64.0.0/10 }; }
              chain arriving {
                type filter hook prerouting priority -300;
                ip saddr { 10.1.0.0/16, 172.30.1.0/24 } ip daddr { 10.1.0.0/16, 172.30.1.0/24 } return
                ip saddr { 10.2.0.0/16, 172.30.2.0/24 } ip daddr { 10.2.0.0/16, 172.30.2.0/24 } return
                ip saddr @inside counter
                ip daddr @inside counter
              }
            }
            """;

    /** A machine beside the nodes, which knows nothing of Tombolo, sends one packet from and one to a pod's address. */
    private static final String CONTROL = """
            ip addr add 10.1.250.1/32 dev lo
            ip route add 198.51.100.10/32 via 172.30.1.1 src 10.1.250.1
            echo > /dev/udp/198.51.100.10/9
            echo > /dev/udp/10.2.250.1/9
            ip route del 198.51.100.10/32
            ip addr del 10.1.250.1/32 dev lo
            """;

    private final MeshLab lab;

    private ClearTraffic(MeshLab lab) {
        this.lab = lab;
    }

    static ClearTraffic watch(MeshLab lab) {
        var clear = new ClearTraffic(lab);
        clear.reset();
        return clear;
    }

    /** Proves that both directions would be counted, and begins anew. */
    void expectThatItCounts() {
        lab.in("cluster1-cp", CONTROL);
        assertThat(packets())
                .as("packets that were sent in clear on purpose")
                .hasSize(2)
                .doesNotContain(0L);
        reset();
    }

    /** No packet since the last reset may have been from an inside address, and none to one. */
    void expectNone() {
        assertThat(packets())
                .as("packets in clear, by source and by destination")
                .containsExactly(0L, 0L);
    }

    private List<Long> packets() {
        return COUNTED.matcher(lab.in("internet", "nft list table inet clear"))
                .results()
                .map(count -> Long.valueOf(count.group(1)))
                .toList();
    }

    private void reset() {
        lab.in("internet", "nft -f - <<'END'\n" + TABLE + "END\n");
    }

    @Override
    public void close() {
        lab.in("internet", "nft delete table inet clear");
    }
}

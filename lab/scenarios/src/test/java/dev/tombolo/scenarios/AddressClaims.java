package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;

/** Which nodes of cluster1 answer the router that the egress address is theirs: it counts the answers at each port. */
final class AddressClaims implements AutoCloseable {
    private static final String TABLE = """
            nft -f - <<'END'
            table bridge claims
            delete table bridge claims
            table bridge claims {
              counter c1n1 {}
              counter c1n2 {}
              chain answers {
                type filter hook prerouting priority -300;
                iifname "c1n1" arp operation reply arp saddr ip %1$s counter name c1n1
                iifname "c1n2" arp operation reply arp saddr ip %1$s counter name c1n2
              }
            }
            END
            """.formatted(EGRESS_IP);

    /** The answer to the echo comes after that to the question; another one may be a moment later. */
    private static final String ASK = """
            nft reset counter bridge claims %2$s > /dev/null
            for i in 1 2 3; do
              ip neigh flush to %1$s
              ping -c 1 -W 1 %1$s > /dev/null || true
            done
            nft list counter bridge claims %2$s
            """;

    private final MeshLab lab;

    AddressClaims(MeshLab lab) {
        this.lab = lab;
        lab.in("internet", TABLE);
    }

    private static String port(String node) {
        return node.replace("node", "c1n");
    }

    /** No other node's announcement reaches a node until the lab is healed; the router's questions do. */
    void keepFrom(String node) {
        lab.in("internet", "nft 'add rule bridge faults forward oifname \"" + port(node) + "\" ether type arp drop'");
    }

    boolean isClaimedBy(String node) {
        return !lab.in("internet", ASK.formatted(EGRESS_IP, port(node))).contains("packets 0 ");
    }

    @Override
    public void close() {
        lab.in("internet", "nft delete table bridge claims");
    }
}

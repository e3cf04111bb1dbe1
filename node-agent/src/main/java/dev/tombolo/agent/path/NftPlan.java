package dev.tombolo.agent.path;

import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The nft tables that keep sources, segment sizes and the tunnel's walls, each as one transaction. */
public final class NftPlan {
    public static final String TABLE = "tombolo";
    public static final String V4 = "ip " + TABLE;
    public static final String V6 = "ip6 " + TABLE;
    private static final int TCP_AND_IP_HEADERS = 40;

    /**
     * Of packets from outside that have a backend, marked by the programs at the uplinks ({@code mark_from_outside} in C):
     * wherever that is, its answers have to come back through this node. Conntrack alone knows which ports are in use here.
     * Those of node ports are no source: answers to them would be taken for questions.
     */
    private static final String FROM_OUTSIDE =
            "    meta mark & 0x3000 == 0x2000 meta l4proto { tcp, udp } masquerade to :32768-60999\n";

    /** Of packets from outside that have none ({@code mark_refused}), before anybody else translates them. */
    private static final String REFUSED = """
              chain refused {
                type filter hook prerouting priority -300; policy accept;
                meta mark & 0x3000 == 0x3000 meta l4proto tcp reject with tcp reset
                meta mark & 0x3000 == 0x3000 reject
              }
            """;

    /**
     * Of steered packets, marked by an egress program ({@code mark_steered} in C), the same in both families. A connection
     * whose NAT was settled before it was steered, or while it was, ends instead of leaving under another address.
     */
    private static final String STEERED = """
              chain end {
                meta l4proto tcp reject with tcp reset
                drop
              }
              chain turned {
                type filter hook forward priority -10; policy accept;
                ct direction original ct mark & 0x1000 == 0x1000 meta mark & 0x1000 == 0 jump end
                ct direction original ct state established ct mark & 0x1000 == 0 meta mark & 0x1000 == 0x1000 jump end
              }
            """;

    /** Of IPv6 nothing goes through the tunnel. */
    private static final String IPV6_RULES = """
            table ip6 tombolo
            delete table ip6 tombolo
            table ip6 tombolo {
              chain sources {
                type nat hook postrouting priority 99; policy accept;
            %s    meta mark & 0x1000 == 0x1000 ct mark set ct mark or 0x1000 snat to ip6 saddr
              }
            %s%s}
            """.formatted(FROM_OUTSIDE, STEERED, REFUSED);

    private NftPlan() {}

    public static Map<String, String> tables(List<Prefix> remoteRanges, OwnTunnel own) {
        return Map.of(V4, rules(remoteRanges, own), V6, IPV6_RULES);
    }

    /**
     * Sources: a CNI's masquerade would replace a pod's address by the tunnel's; a NAT to its own source, made one step
     * earlier, ends the NAT of the packet. The same for steered packets, which get their address later. A host process that
     * bound another address of the node gets the tunnel's.
     */
    public static String rules(List<Prefix> remoteRanges, OwnTunnel own) {
        var v4 = remoteRanges.stream().filter(Prefix::isV4).toList();
        String tunnel = "\"" + own.device() + "\"";
        String hostSources = own.address()
                .map(address -> "    oifname " + tunnel + " fib saddr type local ip saddr != " + address + " snat to "
                        + address + "\n")
                .orElse("");
        return """
                table ip %1$s
                delete table ip %1$s
                table ip %1$s {
                  set remote {
                    type ipv4_addr
                    flags interval
                %2$s  }
                  chain sources {
                    type nat hook postrouting priority 99; policy accept;
                %7$s%3$s    oifname %4$s ip daddr @remote snat to ip saddr
                    meta mark & 0x1000 == 0x1000 ct mark set ct mark or 0x1000 snat to ip saddr
                  }
                %6$s%8$s  chain segments {
                    type filter hook forward priority -150; policy accept;
                    oifname %4$s tcp flags & (syn | rst) == syn tcp option maxseg size set %5$d
                    iifname %4$s tcp flags & (syn | rst) == syn tcp option maxseg size set %5$d
                    oifname %4$s tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
                  }
                  chain closed {
                    type filter hook postrouting priority -10; policy accept;
                    ip daddr @remote oifname != { %4$s, "lo" } counter drop
                  }
                }
                """.formatted(
                        TABLE,
                        elements(v4),
                        hostSources,
                        tunnel,
                        own.mtu() - TCP_AND_IP_HEADERS,
                        STEERED,
                        FROM_OUTSIDE,
                        REFUSED);
    }

    private static String elements(List<Prefix> ranges) {
        return ranges.isEmpty()
                ? ""
                : "    elements = { " + ranges.stream().map(Prefix::toString).collect(Collectors.joining(", "))
                        + " }\n";
    }
}

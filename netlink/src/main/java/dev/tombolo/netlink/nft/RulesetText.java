package dev.tombolo.netlink.nft;

import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.stream.Collectors;

/** Our table as nft reads it. */
final class RulesetText {
    static final String TABLE = "inet tombolo";

    private RulesetText() {}

    /** Replaces the table in one transaction: at no time is there a half of it. */
    static String table(String device, Collection<Prefix> cover) {
        return """
                add table inet tombolo
                delete table inet tombolo
                table inet tombolo {
                	counter leak-refused {
                	}
                	set remote4 {
                		type ipv4_addr
                		flags interval
                	}
                	set remote6 {
                		type ipv6_addr
                		flags interval
                	}
                	# Before the CNI's masquerade: a source translated to itself is translated, and kept.
                	chain keep-source {
                		type nat hook postrouting priority 99; policy accept;
                		oifname "$device" meta nfproto ipv4 snat ip to ip saddr
                		oifname "$device" meta nfproto ipv6 snat ip6 to ip6 saddr
                	}
                	# rt mtu is the smaller one of both directions' routes.
                	chain fit-tunnel {
                		type filter hook forward priority mangle; policy accept;
                		oifname "$device" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
                		iifname "$device" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
                	}
                	# Whatever happens to routes and rules: nothing for a remote range leaves in clear.
                	chain fail-closed {
                		type filter hook postrouting priority 50; policy accept;
                		oifname != { "$device", "lo" } ip daddr @remote4 counter name "leak-refused" drop
                		oifname != { "$device", "lo" } ip6 daddr @remote6 counter name "leak-refused" drop
                	}
                }
                """.replace("$device", device) + elements("add", cover);
    }

    /** {@code add} or {@code delete} commands for ranges of both families. */
    static String elements(String verb, Collection<Prefix> ranges) {
        return elements(verb, "remote4", ranges.stream().filter(Prefix::isV4).toList())
                + elements(
                        verb,
                        "remote6",
                        ranges.stream().filter(range -> !range.isV4()).toList());
    }

    private static String elements(String verb, String set, Collection<Prefix> ranges) {
        return ranges.isEmpty()
                ? ""
                : verb + " element " + TABLE + " " + set + " { "
                        + ranges.stream().map(Prefix::toString).collect(Collectors.joining(", ")) + " }\n";
    }
}

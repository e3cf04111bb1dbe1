package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** ExaBGP's configuration: the same peers give the same text, whatever their order. It holds passwords. */
record ConfigText(Path bridge, Path socket) {
    private static final String HELPER = "bridge";

    String of(Collection<BgpPeer> peers) {
        return "# Written by Tombolo, and again whenever peers change.\n"
                + "process %s {\n  run %s %s;\n  encoder json;\n}\n".formatted(HELPER, bridge, socket)
                + peers.stream()
                        .sorted(Comparator.comparing(BgpPeer::id))
                        .map(ConfigText::neighbour)
                        .collect(Collectors.joining());
    }

    private static String neighbour(BgpPeer peer) {
        var text = new StringBuilder("\nneighbor " + peer.peerAddress() + " {\n");
        line(text, "router-id " + peer.routerId());
        line(text, "local-address " + peer.localAddress());
        line(text, "local-as " + peer.localAsn());
        line(text, "peer-as " + peer.peerAsn());
        line(text, "connect " + peer.peerPort());
        line(text, "hold-time " + peer.holdTime().toSeconds());
        peer.password().ifPresent(password -> password(text, password));
        // Without it the kernel's 64 would be sent.
        line(text, "outgoing-ttl " + peer.hops());
        // By itself it would end the restart before its routes are told again, and the router would forget them.
        line(text, "manual-eor true");
        line(text, "group-updates true");
        line(text, "adj-rib-in false");
        capabilities(text, peer);
        families(text, peer);
        // Nothing that a router tells is of use here, and an UPDATE that cannot be read would end the session: with
        // packets
        // instead of parsed ones, none is read.
        line(
                text,
                "api { processes [ " + HELPER + " ]; neighbor-changes; negotiated; fsm; "
                        + "receive { packets; notification; } send { parsed; notification; } }");
        return text.append("}\n").toString();
    }

    /** Base64 always: ExaBGP takes a password of hexadecimal digits for base64, and one with a quote for its end. */
    private static void password(StringBuilder text, BgpPeer.Password password) {
        byte[] bytes = password.text().getBytes(StandardCharsets.UTF_8);
        line(text, "md5-base64 true");
        line(text, "md5-password \"" + Base64.getEncoder().encodeToString(bytes) + "\"");
    }

    /** Route refresh, in its enhanced form, makes 4.2.21 drop the session. */
    private static void capabilities(StringBuilder text, BgpPeer peer) {
        String restart = peer.restartTime()
                .map(time -> "graceful-restart " + time.toSeconds() + "; ")
                .orElse("");
        String nextHop = takesV4ByV6(peer) ? "nexthop enable; " : "";
        line(text, "capability { " + restart + nextHop + "route-refresh disable; asn4 enable; }");
    }

    private static void families(StringBuilder text, BgpPeer peer) {
        String all = peer.families().stream()
                .map(family -> family.afi() + " unicast; ")
                .collect(Collectors.joining());
        line(text, "family { " + all + "}");
        if (takesV4ByV6(peer)) {
            line(text, "nexthop { ipv4 unicast ipv6; }");
        }
    }

    /** Offered where IPv6 is in use at all, so that an old router need not refuse what it has never heard of. */
    private static boolean takesV4ByV6(BgpPeer peer) {
        return peer.families().contains(BgpFamily.IPV4)
                && (peer.families().contains(BgpFamily.IPV6)
                        || !peer.peerAddress().isV4());
    }

    private static void line(StringBuilder text, String statement) {
        text.append("  ").append(statement).append(statement.endsWith("}") ? "\n" : ";\n");
    }
}

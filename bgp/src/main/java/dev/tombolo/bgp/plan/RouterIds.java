package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpNodeOverride;
import dev.tombolo.model.net.IpAddress;

/** Four bytes that no other speaker of the system may have (RFC 6286). */
final class RouterIds {
    /** The constants of FNV-1a of 32 bits. */
    private static final int BASIS = 0x811c9dc5;

    private static final int PRIME = 0x01000193;

    private RouterIds() {}

    /** What was said, or else the node's IPv4 address, or else what its IPv6 address, or its name, comes down to. */
    static IpAddress of(BgpNodeOverride.Instance override, BgpNode node) {
        return override.routerId()
                .or(() -> node.address(BgpFamily.IPV4))
                .orElseGet(() -> folded(
                        node.address(BgpFamily.IPV6).map(IpAddress::toString).orElse(node.name())));
    }

    private static IpAddress folded(String text) {
        int hash = BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return IpAddress.v4(hash == 0 ? 1 : hash);
    }
}

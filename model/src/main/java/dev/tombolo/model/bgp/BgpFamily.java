package dev.tombolo.model.bgp;

import dev.tombolo.model.net.Prefix;

/** A family of addresses that a session carries (RFC 4760); unicast is all there is. */
public enum BgpFamily {
    IPV4("ipv4"),
    IPV6("ipv6");

    private final String afi;

    BgpFamily(String afi) {
        this.afi = afi;
    }

    public static BgpFamily of(Prefix prefix) {
        return prefix.isV4() ? IPV4 : IPV6;
    }

    /** As CRDs and speakers spell it. */
    public String afi() {
        return afi;
    }

    @Override
    public String toString() {
        return afi + "/unicast";
    }
}

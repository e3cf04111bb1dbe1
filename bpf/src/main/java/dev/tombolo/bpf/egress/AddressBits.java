package dev.tombolo.bpf.egress;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** A range as the maps have it: IPv4 is within ::ffff:0:0/96. */
final class AddressBits {
    private static final int V4_MAPPED = 96;

    private AddressBits() {}

    static int of(Prefix range) {
        return range.isV4() ? V4_MAPPED + range.length() : range.length();
    }

    static Prefix range(IpAddress address, int bits) {
        return new Prefix(address, address.isV4() ? bits - V4_MAPPED : bits);
    }

    static int family(Prefix range) {
        return range.isV4() ? 4 : 6;
    }
}

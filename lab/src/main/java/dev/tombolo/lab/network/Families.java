package dev.tombolo.lab.network;

/** Which addresses a lab has. */
public enum Families {
    IPV4,
    /** Nodes, pods and the outside have IPv6 addresses too; Services and the API server do not. */
    DUAL_STACK;

    public boolean hasIpv6() {
        return this == DUAL_STACK;
    }
}

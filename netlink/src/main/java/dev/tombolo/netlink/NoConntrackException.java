package dev.tombolo.netlink;

import java.io.IOException;

/** The kernel tracks no connections, or cannot show them: a module is missing. */
public final class NoConntrackException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoConntrackException(NetlinkException refused) {
        super("this kernel shows no tracked connections (nf_conntrack_netlink): " + refused.getMessage(), refused);
    }
}

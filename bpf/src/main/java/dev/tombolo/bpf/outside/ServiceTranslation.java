package dev.tombolo.bpf.outside;

import dev.tombolo.model.net.IpAddress;

/** Value of {@code lb_nat}: one half of a translation; times are of the kernel's monotonic clock. */
public record ServiceTranslation(
        IpAddress address,
        int port,
        int farPort,
        int flags,
        int limit,
        int serviceId,
        int backendId,
        long created,
        long lastSeen) {
    static final int SEEN_FIN = 1;
    static final int SEEN_RST = 2;
    static final int REPLIED = 4;
    static final int HANDED_ON = 16;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}

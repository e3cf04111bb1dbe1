package dev.tombolo.agent.egress.network;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.InterfaceAddress;

/**
 * By what addresses that Tombolo has put on devices are told from those of the administrator: their label, or their metric
 * where they are of IPv6.
 */
public final class FloatingMark {
    /** At most 15 bytes. */
    static final String LABEL = "tombolo-egress";

    /** Nothing else comes of it, as no route goes with the address. */
    static final int METRIC = 7_101;

    private FloatingMark() {}

    /** Whether Tombolo has put it there. */
    public static boolean isOn(InterfaceAddress address) {
        return address.label().filter(LABEL::equals).isPresent() || address.metric() == METRIC;
    }

    /** Programs of the node must not get one of IPv6 as their source, as the longest match of prefixes would have it. */
    public static InterfaceAddress marked(IpAddress address, String device) {
        var plain = InterfaceAddress.host(device, address);
        return address.isV4()
                ? plain.withLabel(LABEL)
                : plain.withMetric(METRIC).deprecated();
    }
}

package dev.tombolo.agent.probe;

import java.util.ArrayList;
import java.util.List;

/** Sizes of packets in a tunnel: which are tried, and which leave as one packet. */
public final class ProbeSizes {
    /** WireGuard pads what it carries to 16 bytes, so sizes between two of these steps are the same on the wire. */
    private static final int STEP = 32;

    /** Every IPv4 host accepts this much (RFC 791). */
    private static final int SMALLEST = 576;

    private static final int PADDING = 16;
    private static final int OVERHEAD_V4 = 60;
    private static final int OVERHEAD_V6 = 80;

    private ProbeSizes() {}

    /** The largest that WireGuard makes no more than that of; it pads, but never beyond its device's MTU. */
    static int inside(int underlayMtu, boolean v4, int deviceMtu) {
        int room = underlayMtu - (v4 ? OVERHEAD_V4 : OVERHEAD_V6);
        return room >= deviceMtu ? deviceMtu : room / PADDING * PADDING;
    }

    /** Those that are tried, largest first. */
    public static List<Integer> upTo(int deviceMtu) {
        var sizes = new ArrayList<Integer>();
        sizes.add(deviceMtu);
        for (int size = (deviceMtu - 1) / STEP * STEP; size > SMALLEST; size -= STEP) {
            sizes.add(size);
        }
        if (deviceMtu > SMALLEST) {
            sizes.add(SMALLEST);
        }
        return sizes;
    }
}

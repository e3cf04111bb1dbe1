package dev.tombolo.agent.probe;

import java.util.ArrayList;
import java.util.List;

/** Which packet sizes are tried, largest first. */
final class ProbeSizes {
    /** WireGuard pads what it carries to 16 bytes, so sizes between two of these steps are the same on the wire. */
    private static final int STEP = 32;

    /** Every IPv4 host accepts this much (RFC 791). */
    private static final int SMALLEST = 576;

    private ProbeSizes() {}

    static List<Integer> upTo(int deviceMtu) {
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

package dev.tombolo.agent.probe;

import java.util.OptionalInt;

/**
 * How large packets to one other node may be, through the tunnel or a carrier.
 *
 * @param mtu the largest packet inside the tunnel that arrives, in bytes; what was measured last while nothing answers
 * @param answers whether the node's agent answered lately; its kernel is asked by {@link PathWatcher}
 * @param doubt rounds in a row that said something worse; only the second in a row is believed, because one probe may
 *     get lost on a good path
 */
public record PathMeasure(int mtu, boolean answers, int doubt) {
    private static final int BELIEVED_AFTER = 2;

    /** Before anything was measured: as large as the device allows, and not answering. */
    public static PathMeasure unknown(int deviceMtu) {
        return new PathMeasure(deviceMtu, false, 0);
    }

    /** What is known after one more round; empty where no probe was answered. */
    public PathMeasure after(OptionalInt largestAnswered) {
        boolean better = largestAnswered.isPresent() && (!answers || largestAnswered.getAsInt() >= mtu);
        if (better) {
            return new PathMeasure(largestAnswered.getAsInt(), true, 0);
        }
        if (doubt + 1 < BELIEVED_AFTER) {
            return new PathMeasure(mtu, answers, doubt + 1);
        }
        return largestAnswered.isPresent()
                ? new PathMeasure(largestAnswered.getAsInt(), true, 0)
                : new PathMeasure(mtu, false, BELIEVED_AFTER);
    }
}

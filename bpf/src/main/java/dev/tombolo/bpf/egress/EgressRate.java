package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import java.time.Duration;

/**
 * Value of {@code eg_rate}: what a policy's pods may send by this gateway.
 *
 * @param burst in nanoseconds, how long what goes out at once may take at that rate
 */
public record EgressRate(long bytesPerSecond, long burst) implements Packed {
    /**
     * TCP that has lost all that was under way sends nothing for 200 ms on Linux, whatever the path: what it may send after
     * that must have come together by then, or the pause is lost. With 50 ms a connection gets 25 to 40 % of the limit.
     */
    private static final long SHORTEST_BURST = Duration.ofMillis(250).toNanos();

    /** A device hands on up to so much as one packet, and cuts it later. */
    private static final long LARGEST_PACKET = 65_536;

    /** With a burst of 250 ms, or of 64 KiB where that is more. */
    public static EgressRate of(long bytesPerSecond) {
        long largest = LARGEST_PACKET * Duration.ofSeconds(1).toNanos() / bytesPerSecond;
        return new EgressRate(bytesPerSecond, Math.max(SHORTEST_BURST, largest));
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(bytesPerSecond).put(burst);
    }
}

package dev.tombolo.bgp.bfd.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;

/** The mandatory section of a control packet (RFC 5880, 4.1). Discriminators are unsigned. */
public record BfdPacket(
        SessionState state,
        Diagnostic diagnostic,
        Set<Flag> flags,
        int multiplier,
        int myDiscriminator,
        int yourDiscriminator,
        Duration desiredTransmit,
        Duration requiredReceive,
        Duration requiredEchoReceive) {
    public static final int LENGTH = 24;

    private static final int VERSION = 1;
    private static final int MULTIPOINT = 0x01;
    private static final int AUTHENTICATED = 0x04;

    public BfdPacket {
        flags = Set.copyOf(flags);
    }

    /** Those of them that a packet we take may have. */
    public enum Flag {
        POLL(0x20),
        FINAL(0x10),
        CONTROL_PLANE_INDEPENDENT(0x08),
        DEMAND(0x02);

        private static final Flag[] ALL = values();

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }
    }

    /** What came of reading. */
    public sealed interface Reading {
        record Read(BfdPacket packet) implements Reading {}

        record Refused(Drop reason) implements Reading {}
    }

    public boolean has(Flag flag) {
        return flags.contains(flag);
    }

    /** Appends {@value #LENGTH} bytes. */
    public void write(ByteBuffer to) {
        int bits = flags.stream().mapToInt(flag -> flag.bit).sum();
        to.put((byte) (VERSION << 5 | diagnostic.code()));
        to.put((byte) (state.code() << 6 | bits));
        to.put((byte) multiplier).put((byte) LENGTH);
        to.putInt(myDiscriminator).putInt(yourDiscriminator);
        to.putInt(micros(desiredTransmit)).putInt(micros(requiredReceive)).putInt(micros(requiredEchoReceive));
    }

    /** The checks of RFC 5880, 6.8.6 that need no session, in its order; the buffer's limit ends the payload. */
    public static Reading read(ByteBuffer from) {
        var bytes = from.slice();
        if (bytes.remaining() < LENGTH) {
            return new Reading.Refused(Drop.TOO_SHORT);
        }
        var drop = fault(bytes);
        return drop == null ? new Reading.Read(packet(bytes)) : new Reading.Refused(drop);
    }

    private static Drop fault(ByteBuffer bytes) {
        int length = bytes.get(3) & 0xFF;
        if ((bytes.get(0) & 0xE0) >> 5 != VERSION) {
            return Drop.WRONG_VERSION;
        }
        if (length < LENGTH || length > bytes.remaining()) {
            return Drop.WRONG_LENGTH;
        }
        if (bytes.get(2) == 0) {
            return Drop.NO_MULTIPLIER;
        }
        if ((bytes.get(1) & MULTIPOINT) != 0) {
            return Drop.MULTIPOINT;
        }
        return faultOfSession(bytes);
    }

    private static Drop faultOfSession(ByteBuffer bytes) {
        if (bytes.getInt(4) == 0) {
            return Drop.NO_DISCRIMINATOR;
        }
        var state = SessionState.of(bytes.get(1) >> 6);
        if (bytes.getInt(8) == 0 && (state == SessionState.INIT || state == SessionState.UP)) {
            return Drop.NOT_DOWN;
        }
        return (bytes.get(1) & AUTHENTICATED) == 0 ? null : Drop.AUTHENTICATED;
    }

    private static BfdPacket packet(ByteBuffer bytes) {
        int bits = bytes.get(1);
        return new BfdPacket(
                SessionState.of(bits >> 6),
                Diagnostic.of(bytes.get(0) & 0x1F),
                flags(bits),
                bytes.get(2) & 0xFF,
                bytes.getInt(4),
                bytes.getInt(8),
                micros(bytes.getInt(12)),
                micros(bytes.getInt(16)),
                micros(bytes.getInt(20)));
    }

    private static Set<Flag> flags(int bits) {
        var set = EnumSet.noneOf(Flag.class);
        for (var flag : Flag.ALL) {
            if ((bits & flag.bit) != 0) {
                set.add(flag);
            }
        }
        return set;
    }

    private static int micros(Duration interval) {
        return (int) (interval.toNanos() / 1_000);
    }

    private static Duration micros(int unsigned) {
        return Duration.of(Integer.toUnsignedLong(unsigned), ChronoUnit.MICROS);
    }
}

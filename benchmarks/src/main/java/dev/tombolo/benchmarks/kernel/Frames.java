package dev.tombolo.benchmarks.kernel;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;

/** Ethernet frames with TCP over IPv4. Their checksums are wrong: programs only carry differences over. */
public final class Frames {
    public static final int L3 = 14;

    private static final int IPV4 = 0x0800;
    private static final int HEADERS = 40;
    private static final int SOURCE_PORT = L3 + 20;
    private static final byte TCP = 6;

    private Frames() {}

    /** A segment without data. */
    public static byte[] tcp(IpAddress from, int fromPort, IpAddress to, int toPort) {
        var frame = ByteBuffer.allocate(L3 + HEADERS).putShort(12, (short) IPV4);
        frame.put(L3, (byte) 0x45).putShort(L3 + 2, (short) HEADERS);
        frame.put(L3 + 8, (byte) 64).put(L3 + 9, TCP);
        frame.putInt(L3 + 12, from.v4Bits()).putInt(L3 + 16, to.v4Bits());
        frame.putShort(SOURCE_PORT, (short) fromPort).putShort(SOURCE_PORT + 2, (short) toPort);
        // Header of 20 bytes, acknowledgement.
        return frame.put(SOURCE_PORT + 12, (byte) 0x50)
                .put(SOURCE_PORT + 13, (byte) 0x10)
                .array();
    }

    /** The segment that opens the connection of another one. */
    public static byte[] opening(byte[] segment) {
        return ByteBuffer.wrap(segment.clone())
                .put(SOURCE_PORT + 13, (byte) 0x02)
                .array();
    }

    /** The segment that answers another one. */
    public static byte[] answer(byte[] segment) {
        var asked = ByteBuffer.wrap(segment);
        return tcp(
                destination(segment),
                asked.getShort(SOURCE_PORT + 2),
                IpAddress.v4(asked.getInt(L3 + 12)),
                asked.getShort(SOURCE_PORT));
    }

    public static IpAddress destination(byte[] segment) {
        return IpAddress.v4(ByteBuffer.wrap(segment).getInt(L3 + 16));
    }

    public static int sourcePort(byte[] frame) {
        return ByteBuffer.wrap(frame).getShort(SOURCE_PORT) & 0xFFFF;
    }
}

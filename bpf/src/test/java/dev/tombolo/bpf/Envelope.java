package dev.tombolo.bpf;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;

/** What another cluster's node hands on: a packet in GRE through the tunnel, as bytes that C does not know of. */
record Envelope(String node, String backend, int port, int room) {
    static final int SIZE = 28;
    private static final int PROTOCOL = 0x88B5;

    /** An Ethernet frame with the packet in it. */
    byte[] around(String packet) {
        byte[] inner = Frame.of(packet);
        var frame = ByteBuffer.allocate(inner.length + SIZE).put(inner, 0, Frame.L3);
        frame.put(header(inner.length - Frame.L3 + SIZE));
        frame.putShort((short) 0x2000).putShort((short) PROTOCOL);
        frame.putShort((short) port).putShort((short) room);
        return frame.put(inner, Frame.L3, inner.length - Frame.L3).array();
    }

    private byte[] header(int length) {
        var ip = ByteBuffer.allocate(20).putShort((short) 0x4500).putShort((short) length);
        ip.putShort(6, (short) 0x4000).put(8, (byte) 64).put(9, (byte) 47);
        ip.putInt(12, IpAddress.parse(node).v4Bits())
                .putInt(16, IpAddress.parse(backend).v4Bits());
        int sum = 0;
        for (int at = 0; at < 20; at += 2) {
            sum += ip.getShort(at) & 0xFFFF;
        }
        return ip.putShort(10, (short) ~((sum & 0xFFFF) + (sum >> 16))).array();
    }
}

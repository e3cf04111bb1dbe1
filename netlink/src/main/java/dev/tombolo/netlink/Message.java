package dev.tombolo.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes one netlink message: header, family header, attributes; everything in the machine's own byte order. */
final class Message {
    static final int HEADER = 16;
    private static final int NESTED = 0x8000;

    private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

    /** A header whose length and sequence number are filled in later. */
    Message(int type, int flags) {
        bytes.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
    }

    Message u8(int value) {
        bytes.put((byte) value);
        return this;
    }

    Message u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    Message u32(long value) {
        bytes.putInt((int) value);
        return this;
    }

    Message bytes(byte[] fixed) {
        bytes.put(fixed);
        return this;
    }

    Message attribute(int type, byte[] value) {
        u16(4 + value.length).u16(type);
        bytes.put(value);
        return pad();
    }

    Message attribute(int type, long value) {
        return u16(8).u16(type).u32(value);
    }

    Message attribute(int type, String value) {
        byte[] bytesOfText = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytesOfText, bytesOfText.length + 1));
    }

    Message nested(int type, Consumer<Message> inner) {
        int start = bytes.position();
        u16(0).u16(type | NESTED);
        inner.accept(this);
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    private Message pad() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    byte[] withSequence(int sequence) {
        bytes.putInt(0, bytes.position()).putInt(8, sequence);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}

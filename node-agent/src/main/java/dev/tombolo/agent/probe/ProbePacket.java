package dev.tombolo.agent.probe;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A probe or its answer: UDP inside the tunnel. A probe is filled up to its size, an answer is only the head.
 *
 * @param round tells answers of this round from late ones
 * @param size of the probe's whole IP packet, in bytes
 */
record ProbePacket(boolean isAnswer, long round, int size) {
    static final int HEAD = 16;
    private static final int IPV4_AND_UDP = 28;
    private static final short MAGIC = 0x544D;

    /** The UDP payload: {@code size} less the headers for a probe, the head alone for an answer. */
    ByteBuffer bytes() {
        var buffer = ByteBuffer.allocate(isAnswer ? HEAD : size - IPV4_AND_UDP);
        buffer.putShort(MAGIC)
                .putShort((short) (isAnswer ? 1 : 0))
                .putLong(round)
                .putInt(size);
        return buffer.rewind();
    }

    static Optional<ProbePacket> read(ByteBuffer buffer) {
        if (buffer.remaining() < HEAD || buffer.getShort() != MAGIC) {
            return Optional.empty();
        }
        return Optional.of(new ProbePacket(buffer.getShort() == 1, buffer.getLong(), buffer.getInt()));
    }
}

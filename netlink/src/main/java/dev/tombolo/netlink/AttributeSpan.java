package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Attributes that are read where they are, without a copy of each: for messages that come by the hundred thousand. Values are
 * big-endian, as those of nfnetlink are; headers are in the machine's own order.
 *
 * @param end of what belongs to it; a span that is not there has no length
 */
record AttributeSpan(ByteBuffer bytes, int start, int end) {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3FFF;

    /** All after a header; empty where not even that is there. */
    static AttributeSpan after(ByteBuffer message, int header) {
        return new AttributeSpan(message, Math.min(header, message.limit()), message.limit());
    }

    boolean isPresent() {
        return start < end;
    }

    /** The value of the first one of a type; a damaged rest is ignored, as the kernel's own readers do. */
    AttributeSpan find(int type) {
        int at = start;
        while (at + HEADER <= end) {
            int length = Short.toUnsignedInt(bytes.getShort(at));
            if (length < HEADER || at + length > end) {
                break;
            }
            if ((bytes.getShort(at + 2) & TYPE_MASK) == type) {
                return new AttributeSpan(bytes, at + HEADER, at + length);
            }
            at += length + 3 & ~3;
        }
        return new AttributeSpan(bytes, end, end);
    }

    /** 0 where there is none. */
    int u8() {
        return isPresent() ? Byte.toUnsignedInt(bytes.get(start)) : 0;
    }

    /** 0 where there is none. */
    int u16() {
        return end - start < 2 ? 0 : u8() << 8 | Byte.toUnsignedInt(bytes.get(start + 1));
    }

    /** 0 where there is none. */
    int u32() {
        return end - start < 4 ? 0 : big(start);
    }

    Optional<IpAddress> address() {
        return switch (end - start) {
            case 4 -> Optional.of(IpAddress.v4(big(start)));
            case 16 -> Optional.of(new IpAddress(big64(start), big64(start + 8)));
            default -> Optional.empty();
        };
    }

    byte[] copy() {
        byte[] copy = new byte[end - start];
        bytes.get(start, copy);
        return copy;
    }

    private int big(int at) {
        int value = bytes.getInt(at);
        return bytes.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private long big64(int at) {
        return (long) big(at) << 32 | Integer.toUnsignedLong(big(at + 4));
    }
}

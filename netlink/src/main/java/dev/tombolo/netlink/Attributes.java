package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The attributes at the end of a message, by type; where a type comes twice the last one counts. */
final class Attributes {
    private static final int TYPE_MASK = 0x3FFF;

    private final Map<Integer, byte[]> valueByType = new HashMap<>();

    /** Reads from the buffer's position to its limit; a damaged rest is ignored, as the kernel's own readers do. */
    static Attributes read(ByteBuffer bytes) {
        var attributes = new Attributes();
        while (bytes.remaining() >= 4) {
            int start = bytes.position();
            int length = Short.toUnsignedInt(bytes.getShort());
            int type = bytes.getShort() & TYPE_MASK;
            if (length < 4 || start + length > bytes.limit()) {
                break;
            }
            var value = new byte[length - 4];
            bytes.get(value);
            attributes.valueByType.put(type, value);
            bytes.position(Math.min(bytes.limit(), start + (length + 3 & ~3)));
        }
        return attributes;
    }

    boolean has(int type) {
        return valueByType.containsKey(type);
    }

    Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(valueByType.get(type));
    }

    OptionalLong u32(int type) {
        var value = valueByType.get(type);
        return value == null || value.length < 4
                ? OptionalLong.empty()
                : OptionalLong.of(Integer.toUnsignedLong(
                        ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt()));
    }

    Optional<String> text(int type) {
        return bytes(type).map(value -> new String(value, StandardCharsets.UTF_8).replace("\0", ""));
    }

    Optional<IpAddress> address(int type) {
        return bytes(type)
                .filter(value -> value.length == 4 || value.length == 16)
                .map(IpAddress::of);
    }

    /** Empty where there is no such attribute. */
    ByteBuffer buffer(int type) {
        return ByteBuffer.wrap(valueByType.getOrDefault(type, new byte[0])).order(ByteOrder.nativeOrder());
    }

    Attributes nested(int type) {
        return read(buffer(type));
    }
}

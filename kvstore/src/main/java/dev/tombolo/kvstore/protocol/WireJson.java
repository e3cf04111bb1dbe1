package dev.tombolo.kvstore.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads JSON as Go does: field names in any case, unknown fields ignored. Everything malformed ends in one place, {@link
 * #decode}, as a refusal and never as an exception.
 */
final class WireJson {
    /** etcd refuses more than 1.5 MiB by itself; nothing of the protocol comes near. */
    static final int LARGEST_VALUE = 1 << 20;

    private static final int DEEPEST = 20;
    private static final ObjectMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .build();

    private final JsonNode node;

    private WireJson(JsonNode node) {
        this.node = node;
    }

    /** A value is not what its place asks for. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String expected;

        Malformed(String read, String expected) {
            super(read);
            this.expected = expected;
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static Value encode(ObjectNode object) {
        try {
            return Value.of(MAPPER.writeValueAsBytes(object));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static <T> Decoded<T> decode(String key, Value value, Function<WireJson, T> read) {
        if (value.size() > LARGEST_VALUE) {
            return refuse(
                    key, Invalid.Reason.TOO_LARGE, value.size() + " bytes", "at most " + LARGEST_VALUE + " bytes");
        }
        try {
            var node = MAPPER.readTree(value.bytes());
            if (node == null || !node.isObject()) {
                return refuse(key, Invalid.Reason.MALFORMED, value.text(), "a JSON object");
            }
            return new Decoded.Ok<>(read.apply(new WireJson(node)));
        } catch (Malformed malformed) {
            return refuse(key, Invalid.Reason.MALFORMED, malformed.getMessage(), malformed.expected);
        } catch (java.io.IOException notJson) {
            return refuse(key, Invalid.Reason.MALFORMED, value.text(), "JSON");
        }
    }

    static <T> Decoded<T> refuse(String key, Invalid.Reason reason, String read, String expected) {
        return new Decoded.Refused<>(new Invalid(key, reason, read, expected));
    }

    /** The field of this name in any case; the exact one wins where there are several. Absent and null are the same. */
    WireJson get(String name) {
        JsonNode exact = node.get(name);
        if (exact != null && !exact.isNull()) {
            return new WireJson(exact);
        }
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (field.getKey().equalsIgnoreCase(name) && !field.getValue().isNull()) {
                    return new WireJson(field.getValue());
                }
            }
        }
        return new WireJson(MissingNode.getInstance());
    }

    boolean isAbsent() {
        return node.isMissingNode() || node.isNull();
    }

    String text() {
        if (isAbsent()) {
            return "";
        }
        if (!node.isTextual()) {
            throw new Malformed(node.toString(), "text");
        }
        return node.textValue();
    }

    boolean flag() {
        if (isAbsent()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw new Malformed(node.toString(), "true or false");
        }
        return node.booleanValue();
    }

    long number(long smallest, long largest) {
        if (isAbsent()) {
            return smallest <= 0 ? 0 : fail("nothing", smallest, largest);
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            return fail(node.toString(), smallest, largest);
        }
        long value = node.longValue();
        return value < smallest || value > largest ? fail(node.toString(), smallest, largest) : value;
    }

    private static long fail(String read, long smallest, long largest) {
        throw new Malformed(read, "a number within " + smallest + "–" + largest);
    }

    IpAddress address() {
        return IpAddress.tryParse(text()).orElseThrow(() -> new Malformed(text(), "an IP address"));
    }

    static IpAddress address(String text) {
        return IpAddress.tryParse(text).orElseThrow(() -> new Malformed(text, "an IP address"));
    }

    Protocol protocol() {
        return Arrays.stream(Protocol.values())
                .filter(protocol -> protocol.name().equalsIgnoreCase(text()))
                .findFirst()
                .orElseThrow(() -> new Malformed(text(), "TCP, UDP or SCTP"));
    }

    /** Go's {@code net.IPNet}: an address as text and a mask as base64 bytes. */
    Prefix range() {
        var address = get("IP").address();
        return new Prefix(address, maskLength(get("Mask"), address));
    }

    static int maskLength(WireJson mask, IpAddress address) {
        if (mask.isAbsent()) {
            return address.bits();
        }
        byte[] bytes;
        try {
            bytes = java.util.Base64.getDecoder().decode(mask.text());
        } catch (IllegalArgumentException notBase64) {
            throw new Malformed(mask.text(), "a mask in base64");
        }
        var bits = new java.math.BigInteger(1, bytes);
        int length = bits.bitCount();
        boolean contiguous = bits.equals(java.math.BigInteger.ONE
                .shiftLeft(length)
                .subtract(java.math.BigInteger.ONE)
                .shiftLeft(8 * bytes.length - length));
        if (8 * bytes.length != address.bits() || !contiguous) {
            throw new Malformed(mask.text(), "the mask of a prefix of " + address.bits() + " bits");
        }
        return length;
    }

    static ObjectNode range(Prefix prefix) {
        return object().put("IP", prefix.address().toString()).put("Mask", mask(prefix));
    }

    static String mask(Prefix prefix) {
        byte[] bytes = new byte[prefix.address().bits() / 8];
        for (int bit = 0; bit < prefix.length(); bit++) {
            bytes[bit / 8] |= (byte) (0x80 >>> bit % 8);
        }
        return java.util.Base64.getEncoder().encodeToString(bytes);
    }

    Iterable<WireJson> items() {
        if (!isAbsent() && !node.isArray()) {
            throw new Malformed(node.toString(), "a list");
        }
        return () -> {
            Iterator<JsonNode> items = node.elements();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return items.hasNext();
                }

                @Override
                public WireJson next() {
                    return new WireJson(items.next());
                }
            };
        };
    }

    <K extends Comparable<K>, V> Map<K, V> map(Function<String, K> key, Function<WireJson, V> value) {
        if (!isAbsent() && !node.isObject()) {
            throw new Malformed(node.toString(), "an object");
        }
        var map = new TreeMap<K, V>();
        node.properties()
                .forEach(field -> map.put(key.apply(field.getKey()), value.apply(new WireJson(field.getValue()))));
        return map;
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * Reads the protobuf bodies that kubectl 1.32 sends for its imperative {@code create} commands. Field numbers are those of
 * Kubernetes' generated.proto files; fields that are not in the table are skipped, and empty text is absent.
 */
final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /** How a field is read. */
    private sealed interface Type {
        record Text() implements Type {}

        record Number() implements Type {}

        record Flag() implements Type {}

        record Bytes() implements Type {}

        record IntOrText() implements Type {}

        record Entry(Type value) implements Type {}

        record Message(Map<Integer, Field> fields) implements Type {}
    }

    private record Field(String name, Type type, boolean repeated) {}

    private static final Type TEXT = new Type.Text();
    private static final Type NUMBER = new Type.Number();
    private static final Type TEXTS = new Type.Entry(TEXT);

    private static Field one(String name, Type type) {
        return new Field(name, type, false);
    }

    private static Field many(String name, Type type) {
        return new Field(name, type, true);
    }

    private static final Type METADATA = new Type.Message(Map.of(
            1,
            one("name", TEXT),
            2,
            one("generateName", TEXT),
            3,
            one("namespace", TEXT),
            11,
            one("labels", TEXTS),
            12,
            one("annotations", TEXTS)));
    private static final Type CONTAINER = new Type.Message(Map.of(
            1,
            one("name", TEXT),
            2,
            one("image", TEXT),
            3,
            many("command", TEXT),
            4,
            many("args", TEXT),
            6,
            many(
                    "ports",
                    new Type.Message(
                            Map.of(1, one("name", TEXT), 3, one("containerPort", NUMBER), 4, one("protocol", TEXT))))));
    private static final Type SELECTOR = new Type.Message(Map.of(1, one("matchLabels", TEXTS)));
    private static final Type TEMPLATE = new Type.Message(Map.of(
            1, one("metadata", METADATA), 2, one("spec", new Type.Message(Map.of(2, many("containers", CONTAINER))))));
    private static final Type SERVICE_SPEC = new Type.Message(Map.of(
            1,
            many(
                    "ports",
                    new Type.Message(Map.of(
                            1,
                            one("name", TEXT),
                            2,
                            one("protocol", TEXT),
                            3,
                            one("port", NUMBER),
                            4,
                            one("targetPort", new Type.IntOrText())))),
            2,
            one("selector", TEXTS),
            3,
            one("clusterIP", TEXT),
            4,
            one("type", TEXT)));
    private static final Map<String, Type> KINDS = Map.of(
            "Namespace", new Type.Message(Map.of(1, one("metadata", METADATA))),
            "ServiceAccount", new Type.Message(Map.of(1, one("metadata", METADATA))),
            "ConfigMap", new Type.Message(Map.of(1, one("metadata", METADATA), 2, one("data", TEXTS))),
            "Secret",
                    new Type.Message(Map.of(
                            1,
                            one("metadata", METADATA),
                            2,
                            one("data", new Type.Entry(new Type.Bytes())),
                            3,
                            one("type", TEXT))),
            "Service", new Type.Message(Map.of(1, one("metadata", METADATA), 2, one("spec", SERVICE_SPEC))),
            "Deployment",
                    new Type.Message(Map.of(
                            1, one("metadata", METADATA),
                            2,
                                    one(
                                            "spec",
                                            new Type.Message(Map.of(
                                                    1,
                                                    one("replicas", NUMBER),
                                                    2,
                                                    one("selector", SELECTOR),
                                                    3,
                                                    one("template", TEMPLATE)))))),
            "DeleteOptions",
                    new Type.Message(Map.of(1, one("gracePeriodSeconds", NUMBER), 4, one("propagationPolicy", TEXT))));

    private Protobuf() {}

    static ObjectNode decode(byte[] body) {
        if (body.length < MAGIC.length || !ByteBuffer.wrap(body, 0, 4).equals(ByteBuffer.wrap(MAGIC))) {
            throw ApiError.badRequest("the body is not Kubernetes protobuf");
        }
        var unknown = new Type.Message(Map.of(
                1,
                one("type", new Type.Message(Map.of(1, one("apiVersion", TEXT), 2, one("kind", TEXT)))),
                2,
                one("raw", new Type.Bytes())));
        ObjectNode envelope =
                message(unknown, ByteBuffer.wrap(body, 4, body.length - 4).slice());
        String kind = envelope.path("type").path("kind").asText();
        if (!(KINDS.get(kind) instanceof Type.Message type)) {
            throw ApiError.of(415, "UnsupportedMediaType", "protobuf of kind " + kind + " is not read; send JSON");
        }
        ObjectNode object = Json.object();
        object.put("apiVersion", envelope.path("type").path("apiVersion").asText())
                .put("kind", kind);
        object.setAll(message(
                type,
                ByteBuffer.wrap(Base64.getDecoder().decode(envelope.path("raw").asText("")))));
        return object;
    }

    private static ObjectNode message(Type.Message type, ByteBuffer in) {
        ObjectNode object = Json.object();
        try {
            while (in.hasRemaining()) {
                long tag = varint(in);
                Field field = type.fields().get((int) (tag >>> 3));
                if (field == null) {
                    skip((int) (tag & 7), in);
                } else {
                    read(field, (int) (tag & 7), in, object);
                }
            }
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException truncated) {
            throw ApiError.badRequest("the protobuf body is truncated");
        }
        return object;
    }

    private static void read(Field field, int wire, ByteBuffer in, ObjectNode object) {
        switch (field.type()) {
            case Type.Number() -> object.put(field.name(), varint(in));
            case Type.Flag() -> object.put(field.name(), varint(in) != 0);
            case Type.Text() -> {
                String text = text(part(in));
                if (field.repeated()) {
                    object.withArray(field.name()).add(text);
                } else if (!text.isEmpty()) {
                    object.put(field.name(), text);
                }
            }
            case Type.Bytes() -> object.put(field.name(), base64(part(in)));
            case Type.Entry(var value) -> entry(value, part(in), object.withObject("/" + field.name()));
            case Type.IntOrText() -> intOrText(field.name(), part(in), object);
            case Type.Message nested -> {
                ObjectNode below = message(nested, part(in));
                if (field.repeated()) {
                    object.withArray(field.name()).add(below);
                } else if (!below.isEmpty()) {
                    object.set(field.name(), below);
                }
            }
        }
        if (wire == 5) {
            throw new IllegalArgumentException("fixed 32");
        }
    }

    private static void entry(Type value, ByteBuffer in, ObjectNode map) {
        var pair = message(new Type.Message(Map.of(1, one("key", TEXT), 2, one("value", value))), in);
        map.put(pair.path("key").asText(), pair.path("value").asText(""));
    }

    private static void intOrText(String name, ByteBuffer in, ObjectNode object) {
        var either = message(
                new Type.Message(Map.of(1, one("type", NUMBER), 2, one("number", NUMBER), 3, one("text", TEXT))), in);
        if (either.path("type").asInt() == 1) {
            object.put(name, either.path("text").asText());
        } else if (either.path("number").asInt() != 0) {
            object.put(name, either.path("number").asInt());
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("varint");
    }

    private static ByteBuffer part(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.BIG_ENDIAN);
        in.position(in.position() + length);
        return part;
    }

    private static void skip(int wire, ByteBuffer in) {
        switch (wire) {
            case 0 -> varint(in);
            case 1 -> in.position(in.position() + 8);
            case 2 -> part(in);
            default -> in.position(in.position() + 4);
        }
    }

    private static String text(ByteBuffer part) {
        return StandardCharsets.UTF_8.decode(part).toString();
    }

    private static String base64(ByteBuffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}

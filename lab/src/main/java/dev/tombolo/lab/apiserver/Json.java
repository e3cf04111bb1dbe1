package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Objects as trees, and the parts of their metadata that the server reads and writes. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static JsonNode parse(byte[] bytes) {
        try {
            var node = MAPPER.readTree(bytes);
            return node == null ? JsonNodeFactory.instance.missingNode() : node;
        } catch (IOException malformed) {
            throw ApiError.badRequest("the body is not JSON: " + malformed.getMessage());
        }
    }

    static ObjectNode parseObject(byte[] bytes) {
        if (parse(bytes) instanceof ObjectNode object) {
            return object;
        }
        throw ApiError.badRequest("the body is not a JSON object");
    }

    static ObjectNode metadata(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode metadata ? metadata : object.putObject("metadata");
    }

    static String meta(JsonNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }

    static String name(JsonNode object) {
        return meta(object, "name");
    }

    static String namespace(JsonNode object) {
        return meta(object, "namespace");
    }

    static boolean isTerminating(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    /** The node at a dotted path; missing where there is none. */
    static JsonNode at(JsonNode node, String path) {
        JsonNode found = node;
        for (String part : path.split("\\.")) {
            found = found.path(part);
        }
        return found;
    }
}

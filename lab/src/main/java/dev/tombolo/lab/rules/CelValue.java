package dev.tombolo.lab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as rules see it: maps, lists, strings, booleans, and 64 bit integers unless the schema says number. */
final class CelValue {
    private CelValue() {}

    static Object of(JsonNode schema, JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> map(schema, value);
            case ARRAY -> list(schema.path("items"), value);
            case STRING -> value.textValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(schema, value);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Map<String, Object> map(JsonNode schema, JsonNode object) {
        var map = new LinkedHashMap<String, Object>();
        for (var field : object.properties()) {
            JsonNode declared = schema.path("properties").path(field.getKey());
            map.put(
                    field.getKey(),
                    of(declared.isMissingNode() ? schema.path("additionalProperties") : declared, field.getValue()));
        }
        return map;
    }

    private static List<Object> list(JsonNode schema, JsonNode array) {
        var list = new ArrayList<>();
        array.forEach(item -> list.add(of(schema, item)));
        return list;
    }

    private static Object number(JsonNode schema, JsonNode value) {
        boolean whole =
                value.isIntegralNumber() && !schema.path("type").asText().equals("number");
        return whole ? (Object) value.longValue() : (Object) value.doubleValue();
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A structural schema of a custom resource: defaults, pruning, and what is wrong with a value. */
final class Schema {
    private final JsonNode root;

    Schema(JsonNode root) {
        this.root = root;
    }

    /** Fills defaults in and removes fields the schema does not know; returns their paths. */
    List<String> complete(ObjectNode object) {
        var unknown = new ArrayList<String>();
        for (var property : root.path("properties").properties()) {
            String name = property.getKey();
            if (!List.of("apiVersion", "kind", "metadata").contains(name)) {
                if (!object.has(name) && property.getValue().has("default")) {
                    object.set(name, property.getValue().get("default").deepCopy());
                }
                complete(property.getValue(), object.path(name), name, unknown);
            }
        }
        var known = new java.util.HashSet<>(List.of("apiVersion", "kind", "metadata"));
        root.path("properties").fieldNames().forEachRemaining(known::add);
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                unknown.add(name);
            }
        });
        object.retain(known);
        return unknown;
    }

    private static void complete(JsonNode schema, JsonNode value, String path, List<String> unknown) {
        if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                complete(schema.path("items"), list.get(i), path + "[" + i + "]", unknown);
            }
        }
        if (!(value instanceof ObjectNode object)) {
            return;
        }
        for (var property : schema.path("properties").properties()) {
            if (!object.has(property.getKey()) && property.getValue().has("default")) {
                object.set(property.getKey(), property.getValue().get("default").deepCopy());
            }
            complete(property.getValue(), object.path(property.getKey()), path + "." + property.getKey(), unknown);
        }
        if (schema.path("additionalProperties").isObject()) {
            for (var entry : object.properties()) {
                complete(schema.path("additionalProperties"), entry.getValue(), path + "." + entry.getKey(), unknown);
            }
        }
        boolean open =
                schema.path("x-kubernetes-preserve-unknown-fields").asBoolean() || schema.has("additionalProperties");
        if (!open) {
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (!schema.path("properties").has(name)) {
                    unknown.add(path + "." + name);
                    object.remove(name);
                }
            }
        }
    }

    List<ApiError.Cause> check(ObjectNode object) {
        var causes = new ArrayList<ApiError.Cause>();
        for (var property : root.path("properties").properties()) {
            if (object.has(property.getKey()) && !property.getKey().equals("metadata")) {
                check(property.getValue(), object.get(property.getKey()), property.getKey(), causes);
            }
        }
        root.path("required").forEach(name -> require(object, name.asText(), "", causes));
        return causes;
    }

    private static void require(JsonNode object, String name, String path, List<ApiError.Cause> causes) {
        if (!object.hasNonNull(name)) {
            String field = path.isEmpty() ? name : path + "." + name;
            causes.add(new ApiError.Cause("FieldValueRequired", "Required value", field));
        }
    }

    private static void check(JsonNode schema, JsonNode value, String path, List<ApiError.Cause> causes) {
        if (value.isNull() && schema.path("nullable").asBoolean()) {
            return;
        }
        String type = schema.path("type").asText("");
        if (!hasType(schema, type, value)) {
            causes.add(new ApiError.Cause(
                    "FieldValueTypeInvalid",
                    "Invalid value: \"" + typeOf(value) + "\": " + path + " in body must be of type " + type + ": \""
                            + typeOf(value) + "\"",
                    path));
            return;
        }
        bounds(schema, value, path)
                .forEach(message -> causes.add(
                        new ApiError.Cause("FieldValueInvalid", "Invalid value: " + value + ": " + message, path)));
        enumerated(schema, value, path, causes);
        if (value.isObject()) {
            schema.path("required").forEach(name -> require(value, name.asText(), path, causes));
            for (var field : value.properties()) {
                JsonNode below = schema.path("properties").has(field.getKey())
                        ? schema.path("properties").path(field.getKey())
                        : schema.path("additionalProperties");
                if (below.isObject()) {
                    check(below, field.getValue(), path + "." + field.getKey(), causes);
                }
            }
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            check(schema.path("items"), value.get(i), path + "[" + i + "]", causes);
        }
    }

    private static boolean hasType(JsonNode schema, String type, JsonNode value) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return value.isTextual() || value.isIntegralNumber();
        }
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private static List<String> bounds(JsonNode schema, JsonNode value, String path) {
        var wrong = new ArrayList<String>();
        boolean number = value.isNumber();
        limit(
                wrong,
                number
                        && schema.has("minimum")
                        && value.doubleValue() < schema.path("minimum").doubleValue(),
                path + " in body should be greater than or equal to "
                        + schema.path("minimum").asText());
        limit(
                wrong,
                number
                        && schema.has("maximum")
                        && value.doubleValue() > schema.path("maximum").doubleValue(),
                path + " in body should be less than or equal to "
                        + schema.path("maximum").asText());
        int length = value.isTextual() ? value.textValue().length() : -1;
        limit(
                wrong,
                length >= 0
                        && schema.has("maxLength")
                        && length > schema.path("maxLength").asInt(),
                path + " in body should be at most " + schema.path("maxLength").asText() + " chars long");
        limit(
                wrong,
                length >= 0
                        && schema.has("minLength")
                        && length < schema.path("minLength").asInt(),
                path + " in body should be at least " + schema.path("minLength").asText() + " chars long");
        limit(
                wrong,
                length >= 0
                        && schema.has("pattern")
                        && !java.util.regex.Pattern.compile(
                                        schema.path("pattern").asText())
                                .matcher(value.textValue())
                                .find(),
                path + " in body should match '" + schema.path("pattern").asText() + "'");
        int items = value.isArray() ? value.size() : -1;
        limit(
                wrong,
                items >= 0
                        && schema.has("maxItems")
                        && items > schema.path("maxItems").asInt(),
                path + " must have at most " + schema.path("maxItems").asText() + " items");
        limit(
                wrong,
                items >= 0
                        && schema.has("minItems")
                        && items < schema.path("minItems").asInt(),
                path + " in body should have at least "
                        + schema.path("minItems").asText() + " items");
        return wrong;
    }

    private static void limit(List<String> wrong, boolean exceeded, String message) {
        if (exceeded) {
            wrong.add(message);
        }
    }

    private static void enumerated(JsonNode schema, JsonNode value, String path, List<ApiError.Cause> causes) {
        if (schema.path("enum") instanceof ArrayNode allowed) {
            for (JsonNode choice : allowed) {
                if (choice.equals(value)) {
                    return;
                }
            }
            causes.add(new ApiError.Cause(
                    "FieldValueNotSupported", "Unsupported value: " + value + ": supported values: " + allowed, path));
        }
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case OBJECT, POJO -> "object";
            default -> value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}

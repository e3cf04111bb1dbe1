package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7386) and JSON patch (RFC 6902). */
final class MergePatch {
    private MergePatch() {}

    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        ObjectNode merged = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        for (var change : changes.properties()) {
            if (change.getValue().isNull()) {
                merged.remove(change.getKey());
            } else {
                merged.set(change.getKey(), merge(merged.path(change.getKey()), change.getValue()));
            }
        }
        return merged;
    }

    static ObjectNode operations(ObjectNode target, JsonNode patch) {
        JsonNode document = target.deepCopy();
        for (JsonNode operation : patch) {
            document = apply(document, operation);
        }
        return (ObjectNode) document;
    }

    private static JsonNode apply(JsonNode document, JsonNode operation) {
        String path = operation.path("path").asText();
        switch (operation.path("op").asText()) {
            case "add" -> add(document, path, operation.path("value"));
            case "remove" -> remove(document, path);
            case "replace" -> {
                remove(document, path);
                add(document, path, operation.path("value"));
            }
            case "copy" ->
                add(
                        document,
                        path,
                        read(document, operation.path("from").asText()).deepCopy());
            case "move" -> {
                JsonNode moved = read(document, operation.path("from").asText()).deepCopy();
                remove(document, operation.path("from").asText());
                add(document, path, moved);
            }
            case "test" -> {
                if (!document.at(path).equals(operation.path("value"))) {
                    throw inapplicable("test of " + path + " failed");
                }
            }
            default -> throw inapplicable("unknown operation " + operation.path("op"));
        }
        return document;
    }

    private static JsonNode read(JsonNode document, String path) {
        JsonNode found = document.at(path);
        if (found.isMissingNode()) {
            throw inapplicable("nothing at " + path);
        }
        return found;
    }

    private static void add(JsonNode document, String path, JsonNode value) {
        JsonNode parent = document.at(path.substring(0, path.lastIndexOf('/')));
        String leaf = leaf(path);
        if (parent instanceof ObjectNode object) {
            object.set(leaf, value.deepCopy());
        } else if (parent instanceof ArrayNode array) {
            int index = leaf.equals("-") ? array.size() : index(leaf, array.size());
            array.insert(index, value.deepCopy());
        } else {
            throw inapplicable("nothing at the parent of " + path);
        }
    }

    private static void remove(JsonNode document, String path) {
        JsonNode parent = document.at(path.substring(0, path.lastIndexOf('/')));
        read(document, path);
        if (parent instanceof ObjectNode object) {
            object.remove(leaf(path));
        } else {
            ((ArrayNode) parent).remove(index(leaf(path), ((ArrayNode) parent).size() - 1));
        }
    }

    private static String leaf(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    }

    private static int index(String leaf, int largest) {
        if (!leaf.matches("\\d{1,6}") || Integer.parseInt(leaf) > largest) {
            throw inapplicable("no place " + leaf + " in a list");
        }
        return Integer.parseInt(leaf);
    }

    private static ApiError inapplicable(String why) {
        return ApiError.of(422, "Invalid", "the patch cannot be applied: " + why);
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Strategic merge patch of the built-in kinds: lists of objects are merged by a key where the type that holds them says
 * so, and replaced where it does not. Which, depends on the path.
 */
final class StrategicMerge {
    private static final Map<String, String> POD_SPEC = Map.of(
            "containers",
            "name",
            "initContainers",
            "name",
            "ephemeralContainers",
            "name",
            "volumes",
            "name",
            "imagePullSecrets",
            "name",
            "hostAliases",
            "ip",
            "topologySpreadConstraints",
            "topologyKey");
    private static final Map<String, String> CONTAINER =
            Map.of("env", "name", "ports", "containerPort", "volumeMounts", "mountPath", "volumeDevices", "devicePath");
    private static final Map<String, String> OF_KIND = Map.of(
            "Service.spec.ports", "port",
            "Node.status.addresses", "type",
            "ServiceAccount.secrets", "name");
    private static final Set<String> PRIMITIVE_LISTS = Set.of("metadata.finalizers", "Node.spec.podCIDRs");

    private final String kind;

    private StrategicMerge(String kind) {
        this.kind = kind;
    }

    static ObjectNode merge(ResourceKind kind, ObjectNode target, ObjectNode patch) {
        return new StrategicMerge(kind.kind()).object("", target, patch);
    }

    private ObjectNode object(String path, ObjectNode target, ObjectNode patch) {
        ObjectNode merged = target.deepCopy();
        String directive = patch.path("$patch").asText("");
        if (directive.equals("replace")) {
            merged = Json.object();
        }
        if (directive.equals("delete")) {
            return Json.object();
        }
        retain(merged, patch.get("$retainKeys"));
        for (var change : patch.properties()) {
            String name = change.getKey();
            if (name.startsWith("$deleteFromPrimitiveList/")) {
                deletePrimitives(merged, name.substring(name.indexOf('/') + 1), change.getValue());
            } else if (!name.startsWith("$")) {
                field(path, merged, name, change.getValue(), patch.get("$setElementOrder/" + name));
            }
        }
        return merged;
    }

    private void field(String path, ObjectNode merged, String name, JsonNode change, JsonNode order) {
        String below = path.isEmpty() ? name : path + "." + name;
        JsonNode present = merged.path(name);
        if (change.isNull()) {
            merged.remove(name);
        } else if (change instanceof ObjectNode object) {
            merged.set(name, object(below, present instanceof ObjectNode map ? map : Json.object(), object));
        } else if (change instanceof ArrayNode list) {
            merged.set(name, list(below, name, present instanceof ArrayNode old ? old : empty(), list, order));
        } else {
            merged.set(name, change.deepCopy());
        }
    }

    private ArrayNode list(String path, String name, ArrayNode present, ArrayNode change, JsonNode order) {
        String key = mergeKey(path, name);
        if (key == null) {
            return PRIMITIVE_LISTS.contains(path) || PRIMITIVE_LISTS.contains(kind + "." + path)
                    ? union(present, change)
                    : change.deepCopy();
        }
        ArrayNode merged = present.deepCopy();
        for (JsonNode element : change) {
            int at = indexOf(merged, key, element.path(key));
            String directive = element.path("$patch").asText("");
            if (directive.equals("replace") && !element.has(key)) {
                merged.removeAll();
            } else if (directive.equals("delete")) {
                if (at >= 0) {
                    merged.remove(at);
                }
            } else if (at >= 0 && element.has(key)) {
                merged.set(at, object(path, (ObjectNode) merged.get(at), (ObjectNode) element));
            } else {
                merged.add(object(path, Json.object(), (ObjectNode) element));
            }
        }
        return order instanceof ArrayNode wanted ? ordered(merged, key, wanted) : merged;
    }

    private String mergeKey(String path, String name) {
        if (path.equals("metadata.ownerReferences")) {
            return "uid";
        }
        if (path.equals("status.conditions")) {
            return "type";
        }
        if (OF_KIND.containsKey(kind + "." + path)) {
            return OF_KIND.get(kind + "." + path);
        }
        String parent = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        if (parent.endsWith("template.spec") || (kind.equals("Pod") && parent.equals("spec"))) {
            return POD_SPEC.get(name);
        }
        return parent.endsWith("ontainers") ? CONTAINER.get(name) : null;
    }

    private static ArrayNode ordered(ArrayNode merged, String key, ArrayNode order) {
        ArrayNode sorted = empty();
        for (JsonNode wanted : order) {
            int at = indexOf(merged, key, wanted.path(key));
            if (at >= 0) {
                sorted.add(merged.remove(at));
            }
        }
        return sorted.addAll(merged);
    }

    private static int indexOf(ArrayNode list, String key, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path(key).equals(value)) {
                return i;
            }
        }
        return -1;
    }

    private static ArrayNode union(ArrayNode present, ArrayNode more) {
        ArrayNode all = present.deepCopy();
        for (JsonNode element : more) {
            boolean known = false;
            for (JsonNode old : all) {
                known |= old.equals(element);
            }
            if (!known) {
                all.add(element);
            }
        }
        return all;
    }

    private static void retain(ObjectNode merged, JsonNode keys) {
        if (keys != null) {
            var kept = new java.util.HashSet<String>();
            keys.forEach(key -> kept.add(key.asText()));
            merged.retain(kept);
        }
    }

    private static void deletePrimitives(ObjectNode merged, String name, JsonNode values) {
        if (merged.get(name) instanceof ArrayNode list) {
            var gone = new java.util.HashSet<JsonNode>();
            values.forEach(gone::add);
            ArrayNode kept = empty();
            list.forEach(value -> {
                if (!gone.contains(value)) {
                    kept.add(value);
                }
            });
            merged.set(name, kept);
        }
    }

    private static ArrayNode empty() {
        return JsonNodeFactory.instance.arrayNode();
    }
}

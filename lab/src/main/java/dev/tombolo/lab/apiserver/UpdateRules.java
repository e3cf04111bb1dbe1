package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What of an object a write can change. */
final class UpdateRules {
    /** Set by the server alone. */
    private static final List<String> KEPT = List.of(
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "name",
            "namespace",
            "generation",
            "resourceVersion");

    private UpdateRules() {}

    static ObjectNode merged(ResourceKind kind, ObjectNode present, ObjectNode wanted, Registry.Part part) {
        ObjectNode next = wanted;
        if (part == Registry.Part.STATUS) {
            // kubectl and controllers set annotations beside a status in one write; they are part of the main object.
            next = present.deepCopy();
            if (wanted.has("status")) {
                next.set("status", wanted.get("status"));
            }
        } else if (kind.hasStatus()) {
            keep("status", present, next);
        }
        ObjectNode metadata = Json.metadata(next);
        KEPT.forEach(field -> keep(field, present.path("metadata"), metadata));
        metadata.remove("managedFields");
        next.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        if (kind.equals(Kinds.SERVICE)) {
            ServiceAddresses.keep(present, next);
        }
        return next;
    }

    private static void keep(String field, JsonNode present, ObjectNode next) {
        if (present.has(field)) {
            next.set(field, present.get(field));
        } else {
            next.remove(field);
        }
    }

    static void countGeneration(ObjectNode present, ObjectNode next) {
        if (!next.path("spec").equals(present.path("spec"))) {
            int before = present.path("metadata").path("generation").asInt(0);
            Json.metadata(next).put("generation", before + 1);
        }
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** When an object that is to go is gone. */
final class DeleteRules {
    private DeleteRules() {}

    static void checkPreconditions(ResourceKind kind, ObjectNode object, JsonNode preconditions) {
        for (String field : List.of("uid", "resourceVersion")) {
            if (preconditions.hasNonNull(field)
                    && !preconditions.path(field).asText().equals(Json.meta(object, field))) {
                throw ApiError.conflict(kind, Json.name(object));
            }
        }
    }

    /** Pods that a kubelet runs are removed by that kubelet once their processes have ended. */
    static int grace(ResourceKind kind, ObjectNode object, JsonNode options) {
        boolean isRunning = kind.plural().equals("pods")
                && object.path("spec").hasNonNull("nodeName")
                && !List.of("Succeeded", "Failed")
                        .contains(Json.at(object, "status.phase").asText());
        int wanted = options.path("gracePeriodSeconds")
                .asInt(object.path("spec").path("terminationGracePeriodSeconds").asInt(30));
        return isRunning ? wanted : 0;
    }

    /** Whether something still has to be done about it before it can go; namespaces have to become empty. */
    static boolean waits(ResourceKind kind, ObjectNode object, int grace) {
        return grace > 0 || hasFinalizers(object) || kind.equals(Kinds.NAMESPACE);
    }

    static void mark(ObjectNode object, int grace) {
        ObjectNode metadata = Json.metadata(object);
        if (!Json.isTerminating(object)) {
            metadata.put("deletionTimestamp", Registry.now());
        }
        metadata.put("deletionGracePeriodSeconds", grace);
    }

    /** Whether a change has taken away the last that a terminating object waited for. */
    static boolean isFinished(ResourceKind kind, ObjectNode object) {
        int grace = Json.at(object, "metadata.deletionGracePeriodSeconds").asInt(0);
        return Json.isTerminating(object) && !waits(kind, object, grace);
    }

    private static boolean hasFinalizers(ObjectNode object) {
        return !object.path("metadata").path("finalizers").isEmpty();
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A refusal with the Status that clients read. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient ObjectNode details;

    private ApiError(int code, String reason, String message, ObjectNode details) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    /** One thing wrong with an object. */
    record Cause(String reason, String message, String field) {}

    static ApiError of(int code, String reason, String message) {
        return new ApiError(code, reason, message, JsonNodeFactory.instance.objectNode());
    }

    static ApiError badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    static ApiError notFound(ResourceKind kind, String name) {
        return new ApiError(
                404,
                "NotFound",
                kind.resource() + " \"" + name + "\" not found",
                details(kind.group(), kind.plural(), name));
    }

    static ApiError exists(ResourceKind kind, String name) {
        return new ApiError(
                409,
                "AlreadyExists",
                kind.resource() + " \"" + name + "\" already exists",
                details(kind.group(), kind.plural(), name));
    }

    static ApiError conflict(ResourceKind kind, String name) {
        return new ApiError(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + kind.resource() + " \"" + name
                        + "\": the object has been modified; please apply your changes to the latest version and try again",
                details(kind.group(), kind.plural(), name));
    }

    static ApiError invalid(ResourceKind kind, String name, List<Cause> causes) {
        var details = details(kind.group(), kind.kind(), name);
        var list = details.putArray("causes");
        causes.forEach(cause -> list.addObject()
                .put("reason", cause.reason)
                .put("message", cause.message)
                .put("field", cause.field));
        String what = String.join(
                ", ",
                causes.stream().map(cause -> cause.field + ": " + cause.message).toList());
        String full = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
        return new ApiError(422, "Invalid", full + " \"" + name + "\" is invalid: " + what, details);
    }

    private static ObjectNode details(String group, String kind, String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("group", group)
                .put("kind", kind);
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        var status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        status.set("details", details);
        return status.put("code", code);
    }
}

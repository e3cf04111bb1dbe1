package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.tombolo.lab.apiserver.Registry.Manner;
import dev.tombolo.lab.apiserver.Registry.Part;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** Answers requests for resources: objects, collections, and the subresources status, scale, log and exec. */
final class ResourceHandler {
    private static final String UNKNOWN_FORMAT =
            "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    private final Registry registry;
    private final Kinds kinds;
    private final ChangeFeed feed;
    private final PodLogs logs;
    private final PodExec exec;

    ResourceHandler(Registry registry, Kinds kinds, ChangeFeed feed, PodLogs logs, PodExec exec) {
        this.registry = registry;
        this.kinds = kinds;
        this.feed = feed;
        this.logs = logs;
        this.exec = exec;
    }

    static String verb(Request request, Route route) {
        return switch (request.method()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> route.name().isEmpty() ? "deletecollection" : "delete";
            default -> !route.name().isEmpty() ? "get" : request.isSet("watch") ? "watch" : "list";
        };
    }

    void handle(HttpExchange exchange, Request request, Route route) throws IOException, InterruptedException {
        if (route.subresource().equals("log")) {
            log(exchange, request, route);
        } else if (route.subresource().equals("exec")) {
            ExecSession.serve(exchange, route, container(request, route), exec);
        } else if (route.subresource().equals("scale")) {
            Replies.json(exchange, 200, scale(request, route));
        } else if (!List.of("", "status", "finalize").contains(route.subresource())) {
            throw ApiError.of(405, "MethodNotAllowed", "the lab's server has no " + route.subresource());
        } else {
            object(exchange, request, route);
        }
    }

    private void object(HttpExchange exchange, Request request, Route route) throws IOException, InterruptedException {
        switch (verb(request, route)) {
            case "watch" ->
                new WatchStream(route, request, selected(request), one -> shown(request, route, one))
                        .serve(exchange, registry, feed);
            case "list" -> Replies.json(exchange, 200, list(request, route));
            case "get" ->
                Replies.json(
                        exchange,
                        200,
                        shown(
                                request,
                                route,
                                registry.get(route.kind(), route.namespace(), route.name())
                                        .object()));
            case "create" ->
                Replies.json(
                        exchange,
                        201,
                        registry.create(route.kind(), route.namespace(), request.object(), manner(request, Part.MAIN)));
            case "update" -> Replies.json(exchange, 200, change(request, route, (_, body) -> body));
            case "patch" ->
                Replies.json(exchange, 200, change(request, route, (present, _) -> patched(request, route, present)));
            case "delete" -> Replies.json(exchange, 200, delete(request, route));
            default -> {
                var items = registry.list(route.kind(), route.namespace()).items().stream()
                        .filter(selected(request))
                        .toList();
                items.forEach(item ->
                        registry.delete(route.kind(), Json.namespace(item), Json.name(item), request.options()));
                Replies.json(exchange, 200, success());
            }
        }
    }

    private interface Transformation {
        ObjectNode apply(ObjectNode present, ObjectNode body);
    }

    private ObjectNode change(Request request, Route route, Transformation transformation) {
        ObjectNode body = request.method().equals("PUT") ? request.object() : null;
        Part part = route.subresource().equals("status") ? Part.STATUS : Part.MAIN;
        return registry.update(
                route.kind(),
                route.namespace(),
                route.name(),
                manner(request, part),
                present -> transformation.apply(present, body));
    }

    private ObjectNode patched(Request request, Route route, ObjectNode present) {
        String type = request.contentType().split(";")[0].strip();
        return switch (type) {
            case "application/merge-patch+json" ->
                (ObjectNode) MergePatch.merge(present, Json.parseObject(request.body()));
            case "application/json-patch+json" -> MergePatch.operations(present, Json.parse(request.body()));
            case "application/strategic-merge-patch+json" -> {
                if (!kinds.isBuiltIn(route.kind())) {
                    throw ApiError.of(415, "UnsupportedMediaType", UNKNOWN_FORMAT);
                }
                yield StrategicMerge.merge(route.kind(), present, Json.parseObject(request.body()));
            }
            default -> throw ApiError.of(415, "UnsupportedMediaType", UNKNOWN_FORMAT);
        };
    }

    private ObjectNode delete(Request request, Route route) {
        if (request.isDryRun()) {
            return registry.get(route.kind(), route.namespace(), route.name()).object();
        }
        ObjectNode left = registry.delete(route.kind(), route.namespace(), route.name(), request.options());
        if (Json.isTerminating(left)) {
            return left;
        }
        ObjectNode status = success();
        status.putObject("details")
                .put("name", route.name())
                .put("group", route.kind().group())
                .put("kind", route.kind().plural())
                .put("uid", Json.meta(left, "uid"));
        return status;
    }

    private static ObjectNode success() {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", "Success");
    }

    private static Manner manner(Request request, Part part) {
        return new Manner(part, request.isDryRun(), request.isStrict());
    }

    private static Predicate<JsonNode> selected(Request request) {
        return Selectors.labels(request.query("labelSelector")).and(Selectors.fields(request.query("fieldSelector")));
    }

    private ObjectNode list(Request request, Route route) {
        var listing = registry.list(route.kind(), route.namespace());
        var items = listing.items().stream().filter(selected(request)).toList();
        String revision = Long.toString(listing.revision());
        if (request.wantsTable()) {
            return Tables.of(route.kind(), registry.columns(route.kind()), items, revision, include(request));
        }
        ObjectNode list = Json.object()
                .put("kind", route.kind().listKind())
                .put("apiVersion", route.kind().apiVersion());
        list.putObject("metadata").put("resourceVersion", revision);
        list.putArray("items").addAll(items);
        return list;
    }

    private ObjectNode shown(Request request, Route route, ObjectNode object) {
        return request.wantsTable()
                ? Tables.of(
                        route.kind(),
                        registry.columns(route.kind()),
                        List.of(object),
                        Json.meta(object, "resourceVersion"),
                        include(request))
                : object;
    }

    private static String include(Request request) {
        return request.query("includeObject").isEmpty() ? "Metadata" : request.query("includeObject");
    }

    /** What a scheduler says: this pod goes to that node. */
    void bind(HttpExchange exchange, Request request, String namespace) throws IOException {
        ObjectNode binding = request.object();
        var pods = kinds.find("", "v1", "pods").orElseThrow();
        registry.update(pods, namespace, Json.name(binding), manner(request, Part.MAIN), pod -> {
            pod.withObject("/spec")
                    .put("nodeName", Json.at(binding, "target.name").asText());
            return pod;
        });
        Replies.json(exchange, 201, success());
    }

    private ObjectNode scale(Request request, Route route) {
        ObjectNode object =
                registry.get(route.kind(), route.namespace(), route.name()).object();
        if (!request.method().equals("GET")) {
            ObjectNode wanted = request.method().equals("PUT")
                    ? request.object()
                    : (ObjectNode) MergePatch.merge(scaleOf(object), Json.parseObject(request.body()));
            int replicas = Json.at(wanted, "spec.replicas").asInt();
            object = registry.update(
                    route.kind(), route.namespace(), route.name(), manner(request, Part.MAIN), present -> {
                        present.withObject("/spec").put("replicas", replicas);
                        return present;
                    });
        }
        return scaleOf(object);
    }

    private static ObjectNode scaleOf(ObjectNode object) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.put(field, Json.meta(object, field));
        }
        scale.putObject("spec").put("replicas", Json.at(object, "spec.replicas").asInt());
        scale.putObject("status")
                .put("replicas", Json.at(object, "status.replicas").asInt())
                .put("selector", "");
        return scale;
    }

    /** Which container of a pod is meant: the first, unless the request says. */
    private String container(Request request, Route route) {
        ObjectNode pod =
                registry.get(route.kind(), route.namespace(), route.name()).object();
        return request.query("container").isEmpty()
                ? pod.path("spec").path("containers").path(0).path("name").asText()
                : request.query("container");
    }

    private void log(HttpExchange exchange, Request request, Route route) throws IOException {
        String container = container(request, route);
        int tail = request.query("tailLines").isEmpty() ? -1 : Integer.parseInt(request.query("tailLines"));
        try (var log = logs.open(
                route.namespace(), route.name(), container, request.isSet("follow"), tail, request.isSet("previous"))) {
            Replies.stream(exchange, log);
        } catch (FileNotFoundException absent) {
            throw ApiError.badRequest(absent.getMessage());
        }
    }
}

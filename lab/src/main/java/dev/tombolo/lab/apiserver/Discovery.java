package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** What there is to ask for: the plain discovery documents, and the smallest OpenAPI that kubectl accepts. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private final Kinds kinds;

    Discovery(Kinds kinds) {
        this.kinds = kinds;
    }

    ObjectNode core() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = list.putArray("groups");
        var versions = new TreeMap<String, TreeSet<String>>();
        kinds.all().stream()
                .filter(kind -> !kind.group().isEmpty())
                .forEach(kind -> versions.computeIfAbsent(kind.group(), _ -> new TreeSet<>())
                        .add(kind.version()));
        versions.forEach((group, names) -> {
            ObjectNode entry = groups.addObject().put("name", group);
            var array = entry.putArray("versions");
            names.forEach(name -> array.add(version(group, name)));
            entry.set("preferredVersion", version(group, names.first()));
        });
        return list;
    }

    /** One group, as {@link #groups} lists it. */
    ObjectNode group(String name) {
        for (var group : groups().path("groups")) {
            if (group.path("name").asText().equals(name)) {
                return ((ObjectNode) group).put("kind", "APIGroup").put("apiVersion", "v1");
            }
        }
        throw ApiError.of(404, "NotFound", "the server could not find the requested resource");
    }

    private static ObjectNode version(String group, String version) {
        return Json.object().put("groupVersion", group + "/" + version).put("version", version);
    }

    ObjectNode resources(String group, String version) {
        var served = kinds.of(group, version);
        if (served.isEmpty()) {
            throw ApiError.of(404, "NotFound", "the server could not find the requested resource");
        }
        ObjectNode list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", served.getFirst().apiVersion());
        var resources = list.putArray("resources");
        for (ResourceKind kind : served) {
            ObjectNode entry = resources.addObject();
            entry.put("name", kind.plural()).put("singularName", kind.singular());
            entry.put("namespaced", kind.namespaced()).put("kind", kind.kind());
            VERBS.forEach(entry.putArray("verbs")::add);
            kind.shortNames().forEach(entry.putArray("shortNames")::add);
            kind.categories().forEach(entry.putArray("categories")::add);
            if (kind.hasStatus()) {
                subresource(resources.addObject(), kind, "status").put("kind", kind.kind());
            }
            if (kind.hasScale()) {
                subresource(resources.addObject(), kind, "scale")
                        .put("kind", "Scale")
                        .put("group", "autoscaling")
                        .put("version", "v1");
            }
        }
        return list;
    }

    private static ObjectNode subresource(ObjectNode entry, ResourceKind kind, String name) {
        entry.put("name", kind.plural() + "/" + name).put("singularName", "").put("namespaced", kind.namespaced());
        List.of("get", "patch", "update").forEach(entry.putArray("verbs")::add);
        return entry;
    }

    /** The index of OpenAPI v3 documents; the hash changes with the kinds, because clients cache by address. */
    ObjectNode openApiIndex() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        for (ResourceKind kind : kinds.all()) {
            String root = kind.group().isEmpty() ? "api/v1" : "apis/" + kind.apiVersion();
            paths.putObject(root)
                    .put(
                            "serverRelativeURL",
                            "/openapi/v3/" + root + "?hash="
                                    + kinds.of(kind.group(), kind.version()).hashCode());
        }
        return index;
    }

    /** One patch operation for each kind, which is all that kubectl looks for before it validates on the server. */
    ObjectNode openApi(String group, String version) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "lab").put("version", "v1");
        ObjectNode paths = document.putObject("paths");
        for (ResourceKind kind : kinds.of(group, version)) {
            String root = group.isEmpty() ? "/api/v1/" : "/apis/" + kind.apiVersion() + "/";
            ObjectNode patch = paths.putObject(root + kind.plural() + "/{name}").putObject("patch");
            patch.putObject("x-kubernetes-group-version-kind")
                    .put("group", group)
                    .put("version", version)
                    .put("kind", kind.kind());
            patch.putArray("parameters")
                    .addObject()
                    .put("name", "fieldValidation")
                    .put("in", "query");
        }
        return document;
    }
}

package dev.tombolo.lab.apiserver;

import java.util.ArrayList;
import java.util.List;

/**
 * The resource that a path names.
 *
 * @param namespace empty for all of them, or for kinds without
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record Route(ResourceKind kind, String namespace, String name, String subresource) {
    /** Parses {@code /api/v1/…} and {@code /apis/<group>/<version>/…}. */
    static Route of(String path, Kinds kinds) {
        var parts = new ArrayList<>(List.of(path.substring(1).split("/")));
        String group = parts.removeFirst().equals("apis") ? parts.removeFirst() : "";
        String version = parts.removeFirst();
        String namespace = "";
        boolean within = parts.size() > 2 && parts.getFirst().equals("namespaces");
        if (within && !List.of("status", "finalize").contains(parts.get(2))) {
            namespace = parts.get(1);
            parts.subList(0, 2).clear();
        }
        String plural = parts.isEmpty() ? "" : parts.removeFirst();
        var kind = kinds.find(group, version, plural)
                .orElseThrow(() -> ApiError.of(404, "NotFound", "the server could not find the requested resource"));
        String name = parts.isEmpty() ? "" : parts.removeFirst();
        return new Route(kind, namespace, name, String.join("/", parts));
    }
}

package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a cluster holds of the product, to tell whether a command changed anything. */
final class ClusterObjects {
    private static final String NAMESPACED = "secrets,configmaps,services,deployments,daemonsets";
    private static final String MESH = "clustermeshes,meshpeers";

    private final MeshLab lab;

    ClusterObjects(MeshLab lab) {
        this.lab = lab;
    }

    /** Objects by kind and name, with what was asked for: statuses change by themselves. */
    Map<String, String> read(int cluster) {
        var objects = new TreeMap<String, String>();
        lab.get(cluster, "-n", MeshLab.SYSTEM, NAMESPACED).path("items").forEach(object -> add(objects, object));
        lab.get(cluster, MESH).path("items").forEach(object -> add(objects, object));
        return objects;
    }

    private static void add(Map<String, String> objects, JsonNode object) {
        var metadata = object.path("metadata");
        String version = object.has("spec")
                ? metadata.path("uid") + " " + metadata.path("labels") + metadata.path("annotations")
                        + object.path("spec")
                : metadata.path("resourceVersion").asText();
        objects.put(name(object), version);
    }

    Set<String> names(int cluster) {
        return read(cluster).keySet();
    }

    private static String name(JsonNode object) {
        return object.path("kind").asText() + "/" + object.at("/metadata/name").asText();
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which objects name which owner, so that the end of an owner costs as much as it has dependents. */
final class Dependents {
    private static final int MOST_GONE = 10_000;

    private final Map<String, Set<Dependent>> byOwner = new HashMap<>();
    private final Set<String> gone = new LinkedHashSet<>();

    /** An object by its address in the API. */
    record Dependent(String resource, String namespace, String name) {}

    synchronized void add(String resource, ObjectNode object) {
        owners(object)
                .forEach(owner -> byOwner.computeIfAbsent(owner, _ -> new LinkedHashSet<>())
                        .add(dependent(resource, object)));
    }

    synchronized void remove(String resource, ObjectNode object) {
        owners(object)
                .forEach(owner -> byOwner.computeIfPresent(owner, (_, all) -> {
                    all.remove(dependent(resource, object));
                    return all.isEmpty() ? null : all;
                }));
    }

    /** The dependents of an owner that is gone. */
    synchronized List<Dependent> orphaned(String owner) {
        gone.add(owner);
        if (gone.size() > MOST_GONE) {
            gone.remove(gone.iterator().next());
        }
        return List.copyOf(byOwner.getOrDefault(owner, Set.of()));
    }

    /** Whether an object names an owner that went before the object came: its controller was too late. */
    synchronized boolean isLate(ObjectNode object) {
        var owners = owners(object);
        return !owners.isEmpty() && gone.containsAll(owners);
    }

    private static Set<String> owners(ObjectNode object) {
        var owners = new TreeSet<String>();
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            owners.add(reference.path("uid").asText());
        }
        return owners;
    }

    private static Dependent dependent(String resource, ObjectNode object) {
        return new Dependent(resource, Json.namespace(object), Json.name(object));
    }
}

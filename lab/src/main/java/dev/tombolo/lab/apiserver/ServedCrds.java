package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.lab.rules.SchemaRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The CustomResourceDefinitions in force: each is a kind that is served, with its schema and its columns. */
final class ServedCrds {
    private final Kinds kinds;
    private final ObjectStore store;
    private final Map<ResourceKind, Crd> crds = new ConcurrentHashMap<>();
    /** By schema: a definition is written several times before it changes what it says of objects. */
    private final Map<JsonNode, SchemaRules> rules = new ConcurrentHashMap<>();

    ServedCrds(Kinds kinds, ObjectStore store) {
        this.kinds = kinds;
        this.store = store;
        store.list(Kinds.CRD, "").items().forEach(this::serve);
    }

    List<Crd.Column> columns(ResourceKind kind) {
        return find(kind).map(Crd::columns).orElse(List.of());
    }

    Optional<Crd> find(ResourceKind kind) {
        return Optional.ofNullable(crds.get(kind));
    }

    Crd read(ObjectNode definition) {
        return Crd.of(definition, schema -> rules.computeIfAbsent(schema, SchemaRules::new));
    }

    void serve(ObjectNode definition) {
        Crd crd = read(definition);
        kinds.add(crd.kind());
        crds.put(crd.kind(), crd);
    }

    /** Serves a new one and says so in its status. */
    ObjectNode establish(StoredObject created) {
        serve(created.object());
        ObjectNode next = created.object().deepCopy();
        next.set("status", read(next).established(next));
        return store.replace(Kinds.CRD, next, created.revision())
                .map(StoredObject::object)
                .orElse(created.object());
    }

    /** Ends a kind, and with it every object of it. */
    void remove(ObjectNode definition) {
        ResourceKind custom = read(definition).kind();
        store.list(custom, "")
                .items()
                .forEach(item -> store.get(custom, Json.namespace(item), Json.name(item))
                        .ifPresent(stored ->
                                store.delete(custom, Json.namespace(item), Json.name(item), stored.revision())));
        kinds.remove(custom);
        crds.remove(custom);
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Creates, changes and removes objects with the rules that Kubernetes has for it. Thread-safe. */
final class Registry {
    private static final int MOST_ATTEMPTS = 50;

    private final ObjectStore store;
    private final Kinds kinds;
    private final Defaults defaults;
    private final ServiceAddresses addresses;
    private final TypedFields typed = new TypedFields();
    private final ServedCrds crds;

    Registry(ObjectStore store, Kinds kinds, ChangeFeed feed, String serviceCidr) {
        this.store = store;
        this.kinds = kinds;
        this.addresses = new ServiceAddresses(Kinds.SERVICE, serviceCidr);
        this.defaults = new Defaults(addresses);
        this.crds = new ServedCrds(kinds, store);
        store.list(Kinds.SERVICE, "").items().forEach(addresses::hold);
        feed.subscribe(feed.newest(), addresses::changed);
    }

    /** Which part of an object a write may change. */
    enum Part {
        MAIN,
        STATUS
    }

    /** A write with its circumstances. */
    record Manner(Part part, boolean dryRun, boolean strict) {}

    List<Crd.Column> columns(ResourceKind kind) {
        return crds.columns(kind);
    }

    StoredObject get(ResourceKind kind, String namespace, String name) {
        return store.get(kind, namespace, name).orElseThrow(() -> ApiError.notFound(kind, name));
    }

    ObjectStore.Listing list(ResourceKind kind, String namespace) {
        return store.list(kind, namespace);
    }

    ObjectNode create(ResourceKind kind, String namespace, ObjectNode object, Manner manner) {
        return kind.equals(Kinds.SERVICE)
                ? addresses.alone(() -> createNow(kind, namespace, object, manner))
                : createNow(kind, namespace, object, manner);
    }

    private ObjectNode createNow(ResourceKind kind, String namespace, ObjectNode object, Manner manner) {
        NewObject.identify(kind, namespace, object, home(kind, namespace));
        complete(kind, object, MissingNode.getInstance(), manner);
        if (manner.dryRun) {
            return object;
        }
        var created = store.create(kind, object).orElseThrow(() -> ApiError.exists(kind, Json.name(object)));
        return kind.equals(Kinds.CRD) ? crds.establish(created) : written(kind, created.object());
    }

    /** The namespace a new object is for; empty for kinds that have none. */
    private Optional<ObjectNode> home(ResourceKind kind, String namespace) {
        return kind.namespaced()
                ? Optional.of(get(Kinds.NAMESPACE, "", namespace).object())
                : Optional.empty();
    }

    private void complete(ResourceKind kind, ObjectNode object, JsonNode old, Manner manner) {
        if (kinds.isBuiltIn(kind) && !kind.equals(Kinds.CRD)) {
            refuseUnknown(kind, typed.unknown(kind, object), manner);
        }
        defaults.apply(kind, object);
        if (kind.equals(Kinds.CRD)) {
            refuse(kind, object, crds.read(object).check());
        }
        crds.find(kind).ifPresent(crd -> {
            refuseUnknown(kind, crd.schema().complete(object), manner);
            refuse(kind, object, crd.check(object, old));
        });
    }

    private static void refuse(ResourceKind kind, ObjectNode object, List<ApiError.Cause> causes) {
        if (!causes.isEmpty()) {
            throw ApiError.invalid(kind, Json.name(object), causes);
        }
    }

    private static void refuseUnknown(ResourceKind kind, List<String> unknown, Manner manner) {
        if (manner.strict && !unknown.isEmpty()) {
            throw ApiError.badRequest(
                    kind.kind() + " in version \"" + kind.version() + "\" cannot be handled as a " + kind.kind()
                            + ": strict decoding error: "
                            + String.join(
                                    ", ",
                                    unknown.stream()
                                            .map(field -> "unknown field \"" + field + "\"")
                                            .toList()));
        }
    }

    /** Changes an object; tried again when somebody else was faster, unless the change names the version it is for. */
    ObjectNode update(
            ResourceKind kind, String namespace, String name, Manner manner, UnaryOperator<ObjectNode> change) {
        return kind.equals(Kinds.SERVICE)
                ? addresses.alone(() -> updateNow(kind, namespace, name, manner, change))
                : updateNow(kind, namespace, name, manner, change);
    }

    private ObjectNode updateNow(
            ResourceKind kind, String namespace, String name, Manner manner, UnaryOperator<ObjectNode> change) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var present = get(kind, namespace, name);
            ObjectNode wanted = change.apply(present.object().deepCopy());
            String expected = Json.meta(wanted, "resourceVersion");
            if (!expected.isEmpty() && !expected.equals(Long.toString(present.revision()))) {
                throw ApiError.conflict(kind, name);
            }
            ObjectNode next = merged(kind, present.object(), wanted, manner);
            if (next.equals(present.object()) || manner.dryRun) {
                return next;
            }
            if (DeleteRules.isFinished(kind, next)) {
                if (store.delete(kind, namespace, name, present.revision())) {
                    return removed(kind, next);
                }
            } else {
                var written = store.replace(kind, next, present.revision());
                if (written.isPresent()) {
                    return written(kind, written.get().object());
                }
            }
        }
        throw ApiError.conflict(kind, name);
    }

    /** What a write of these kinds means to the server itself. */
    private ObjectNode written(ResourceKind kind, ObjectNode object) {
        if (kind.equals(Kinds.CRD)) {
            crds.serve(object);
        } else if (kind.equals(Kinds.SERVICE)) {
            addresses.hold(object);
        }
        return object;
    }

    private ObjectNode merged(ResourceKind kind, ObjectNode present, ObjectNode wanted, Manner manner) {
        ObjectNode next = UpdateRules.merged(kind, present, wanted, manner.part);
        complete(kind, next, present, manner);
        UpdateRules.countGeneration(present, next);
        return next;
    }

    /** Removes an object, or marks it as terminating where something still has to be done about it. */
    ObjectNode delete(ResourceKind kind, String namespace, String name, JsonNode options) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var present = get(kind, namespace, name);
            ObjectNode next = present.object().deepCopy();
            DeleteRules.checkPreconditions(kind, next, options.path("preconditions"));
            int grace = DeleteRules.grace(kind, next, options);
            if (!DeleteRules.waits(kind, next, grace)) {
                if (store.delete(kind, namespace, name, present.revision())) {
                    return removed(kind, next);
                }
                continue;
            }
            DeleteRules.mark(next, grace);
            defaults.apply(kind, next);
            if (next.equals(present.object())) {
                return next;
            }
            var written = store.replace(kind, next, present.revision());
            if (written.isPresent()) {
                return written.get().object();
            }
        }
        throw ApiError.conflict(kind, name);
    }

    private ObjectNode removed(ResourceKind kind, ObjectNode object) {
        if (kind.equals(Kinds.CRD)) {
            crds.remove(object);
        }
        return object;
    }

    /** Takes a namespace that is empty and terminating away for good. */
    void finishNamespace(String name) {
        store.get(Kinds.NAMESPACE, "", name)
                .filter(namespace -> Json.isTerminating(namespace.object()))
                .ifPresent(namespace -> store.delete(Kinds.NAMESPACE, "", name, namespace.revision()));
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}

package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What every object gets when it is created: a name that may be one, a place, an identity. */
final class NewObject {
    private static final int LONGEST_NAME = 253;
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final Pattern PATH_SEGMENT = Pattern.compile("[^/%]+");
    private static final SecureRandom RANDOM = new SecureRandom();

    private NewObject() {}

    /** @param home the namespace it is for, if its kind has one */
    static void identify(ResourceKind kind, String namespace, ObjectNode object, Optional<ObjectNode> home) {
        name(kind, object);
        place(namespace, object, home);
        ObjectNode metadata = Json.metadata(object);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Registry.now());
        metadata.put("generation", 1);
        metadata.remove(List.of("deletionTimestamp", "managedFields", "selfLink"));
        object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        if (kind.hasStatus()) {
            object.remove("status");
        }
    }

    private static void name(ResourceKind kind, ObjectNode object) {
        if (Json.name(object).isEmpty()) {
            String prefix = Json.meta(object, "generateName");
            if (prefix.isEmpty()) {
                throw ApiError.badRequest("name or generateName is required");
            }
            String suffix = Long.toString(RANDOM.nextLong(60_466_176, 2_176_782_336L), 36);
            Json.metadata(object).put("name", prefix + suffix);
        }
        check(kind, Json.name(object));
    }

    /** A name is a part of paths and keys; those of RBAC may hold colons. */
    private static void check(ResourceKind kind, String name) {
        var form = kind.group().equals("rbac.authorization.k8s.io") ? PATH_SEGMENT : SUBDOMAIN;
        if (name.length() > LONGEST_NAME || !form.matcher(name).matches()) {
            var cause = new ApiError.Cause(
                    "FieldValueInvalid",
                    "Invalid value: \"" + name
                            + "\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
                    "metadata.name");
            throw ApiError.invalid(kind, name, List.of(cause));
        }
    }

    private static void place(String namespace, ObjectNode object, Optional<ObjectNode> home) {
        if (home.isEmpty()) {
            Json.metadata(object).remove("namespace");
            return;
        }
        String named = Json.namespace(object);
        if (!named.isEmpty() && !named.equals(namespace)) {
            throw ApiError.badRequest(
                    "the namespace of the object (" + named + ") is not that of the request (" + namespace + ")");
        }
        if (Json.isTerminating(home.get())) {
            throw ApiError.of(403, "Forbidden", "namespace " + namespace + " is being terminated");
        }
        Json.metadata(object).put("namespace", namespace);
    }
}

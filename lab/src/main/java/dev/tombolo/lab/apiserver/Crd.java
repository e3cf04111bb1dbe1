package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tombolo.lab.rules.SchemaRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** One CustomResourceDefinition as the server uses it: the kind, its schema with its rules, its printer columns. */
record Crd(ResourceKind kind, Schema schema, SchemaRules rules, List<Column> columns) {
    /** Rules may rely on what these say is not so. */
    private static final Set<String> BLOCKS_RULES =
            Set.of("FieldValueNotSupported", "FieldValueRequired", "FieldValueTypeInvalid");

    private static final ApiError.Cause RULES_UNCHECKED = invalid(
            "",
            "\"null\"",
            "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation");

    /** A printer column: a title and where its value is. */
    record Column(String title, String type, String path, int priority) {}

    /** @param compiled the rules of a schema */
    static Crd of(ObjectNode definition, Function<JsonNode, SchemaRules> compiled) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        JsonNode version = servedVersion(spec);
        var shortNames = new ArrayList<String>();
        names.path("shortNames").forEach(name -> shortNames.add(name.asText()));
        var categories = new ArrayList<String>();
        names.path("categories").forEach(category -> categories.add(category.asText()));
        var kind = new ResourceKind(
                spec.path("group").asText(),
                version.path("name").asText(),
                names.path("plural").asText(),
                names.path("singular").asText(names.path("kind").asText().toLowerCase(java.util.Locale.ROOT)),
                names.path("kind").asText(),
                spec.path("scope").asText().equals("Namespaced"),
                shortNames,
                categories,
                version.path("subresources").has("status"),
                false);
        var columns = new ArrayList<Column>();
        version.path("additionalPrinterColumns")
                .forEach(column -> columns.add(new Column(
                        column.path("name").asText(),
                        column.path("type").asText("string"),
                        column.path("jsonPath").asText(),
                        column.path("priority").asInt(0))));
        JsonNode schema = version.path("schema").path("openAPIV3Schema");
        return new Crd(kind, new Schema(schema), compiled.apply(schema), columns);
    }

    private static JsonNode servedVersion(JsonNode spec) {
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean() && version.path("storage").asBoolean()) {
                return version;
            }
        }
        throw ApiError.badRequest("a CustomResourceDefinition needs a version that is served and stored");
    }

    /** What is wrong with the definition itself: rules that do not compile. */
    List<ApiError.Cause> check() {
        return rules.broken().stream()
                .map(broken -> invalid(
                        "spec.validation.openAPIV3Schema" + broken.path(),
                        "apiextensions.ValidationRule{Rule:" + quoted(broken.rule(), "rule") + ", Message:"
                                + quoted(broken.rule(), "message") + "}",
                        broken.reason()))
                .toList();
    }

    private static String quoted(JsonNode rule, String field) {
        return TextNode.valueOf(rule.path(field).asText()).toString();
    }

    /** What is wrong with an object of this kind; old is the one it replaces, missing for a new one. */
    List<ApiError.Cause> check(ObjectNode object, JsonNode old) {
        var causes = schema.check(object);
        if (rules.isEmpty()) {
            return causes;
        }
        if (causes.stream().anyMatch(cause -> BLOCKS_RULES.contains(cause.reason()))) {
            causes.add(RULES_UNCHECKED);
        } else {
            rules.check(object, old)
                    .forEach(refusal ->
                            causes.add(invalid(refusal.path(), "\"" + refusal.type() + "\"", refusal.reason())));
        }
        return causes;
    }

    private static ApiError.Cause invalid(String path, String value, String reason) {
        return new ApiError.Cause(
                "FieldValueInvalid", "Invalid value: " + value + ": " + reason, path.isEmpty() ? "<nil>" : path);
    }

    /** The status that says that the kind is served. */
    ObjectNode established(ObjectNode definition) {
        ObjectNode status = Json.object();
        String now =
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
        var conditions = status.putArray("conditions");
        for (String type : List.of("NamesAccepted", "Established")) {
            conditions
                    .addObject()
                    .put("type", type)
                    .put("status", "True")
                    .put("reason", type.equals("Established") ? "InitialNamesAccepted" : "NoConflicts")
                    .put("message", "")
                    .put("lastTransitionTime", now);
        }
        status.set("acceptedNames", definition.path("spec").path("names"));
        status.putArray("storedVersions").add(kind.version());
        return status;
    }
}

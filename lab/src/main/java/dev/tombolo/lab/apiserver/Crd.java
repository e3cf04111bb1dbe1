package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One CustomResourceDefinition as the server uses it: the kind, its schema, its printer columns. */
record Crd(ResourceKind kind, Schema schema, List<Column> columns) {
    /** A printer column: a title and where its value is. */
    record Column(String title, String type, String path, int priority) {}

    static Crd of(ObjectNode definition) {
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
        return new Crd(kind, new Schema(version.path("schema").path("openAPIV3Schema")), columns);
    }

    private static JsonNode servedVersion(JsonNode spec) {
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean() && version.path("storage").asBoolean()) {
                return version;
            }
        }
        throw ApiError.badRequest("a CustomResourceDefinition needs a version that is served and stored");
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

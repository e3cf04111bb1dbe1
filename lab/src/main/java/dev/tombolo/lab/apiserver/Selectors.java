package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Label and field selectors, from their query form to predicates on objects. */
final class Selectors {
    private static final Pattern SET = Pattern.compile("\\s*([^\\s!=,]+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*");
    private static final Set<String> FIELDS = Set.of(
            "metadata.name",
            "metadata.namespace",
            "spec.nodeName",
            "status.phase",
            "spec.serviceAccountName",
            "spec.restartPolicy",
            "status.podIP",
            "involvedObject.name",
            "involvedObject.namespace",
            "involvedObject.kind",
            "involvedObject.uid",
            "reason",
            "type",
            "spec.unschedulable");

    private Selectors() {}

    static Predicate<JsonNode> labels(String selector) {
        Predicate<JsonNode> all = _ -> true;
        for (String requirement : split(selector)) {
            all = all.and(requirement(requirement));
        }
        return all;
    }

    private static Predicate<JsonNode> requirement(String text) {
        var set = SET.matcher(text);
        if (set.matches()) {
            var values = List.of(set.group(3).trim().split("\\s*,\\s*"));
            boolean in = set.group(2).equals("in");
            return object -> {
                JsonNode label = label(object, set.group(1));
                return (!label.isMissingNode() && values.contains(label.asText())) == in;
            };
        }
        if (text.contains("!=")) {
            String[] sides = text.split("!=", 2);
            return object -> !label(object, sides[0].trim()).asText("").equals(sides[1].trim());
        }
        if (text.contains("=")) {
            String[] sides = text.split("==?", 2);
            return object ->
                    sides[1].trim().equals(label(object, sides[0].trim()).asText(null));
        }
        return text.startsWith("!")
                ? object -> label(object, text.substring(1).trim()).isMissingNode()
                : object -> !label(object, text.trim()).isMissingNode();
    }

    private static JsonNode label(JsonNode object, String key) {
        return object.path("metadata").path("labels").path(key);
    }

    static Predicate<JsonNode> fields(String selector) {
        Predicate<JsonNode> all = _ -> true;
        for (String requirement : split(selector)) {
            boolean not = requirement.contains("!=");
            String[] sides = requirement.split(not ? "!=" : "==?", 2);
            String field = sides[0].trim();
            if (!FIELDS.contains(field) || sides.length < 2) {
                throw ApiError.badRequest("field label not supported: " + field);
            }
            String value = sides[1].trim();
            all = all.and(object -> Json.at(object, field).asText("").equals(value) != not);
        }
        return all;
    }

    /** Parts between commas, but not those inside parentheses. */
    private static List<String> split(String selector) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        String text = selector == null ? "" : selector;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                if (!text.substring(start, i).isBlank()) {
                    parts.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return parts;
    }
}

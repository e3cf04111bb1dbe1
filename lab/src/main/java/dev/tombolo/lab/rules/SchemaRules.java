package dev.tombolo.lab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The rules (x-kubernetes-validations) of a structural schema, compiled once. Thread-safe. */
public final class SchemaRules {
    private final RulePlace root;
    private final List<Broken> broken = new ArrayList<>();

    public SchemaRules(JsonNode schema) {
        root = RulePlace.of(schema, "", broken);
    }

    /** A rule that does not compile: where it is below the schema, as written, and why. */
    public record Broken(String path, JsonNode rule, String reason) {}

    /** A value that a rule refuses: its path, the type that the schema has for it, and why. */
    public record Refusal(String path, String type, String reason) {}

    public List<Broken> broken() {
        return List.copyOf(broken);
    }

    public boolean isEmpty() {
        return root.isEmpty();
    }

    /** Why an object is refused that was old before; old is missing for a new one. */
    public List<Refusal> check(JsonNode object, JsonNode old) {
        var refusals = new ArrayList<Refusal>();
        root.check(new RulePlace.Value("", object, old, false), refusals);
        return refusals;
    }
}

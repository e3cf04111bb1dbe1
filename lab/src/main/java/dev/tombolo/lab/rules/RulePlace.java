package dev.tombolo.lab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tombolo.lab.rules.RuleCompiler.Unusable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place in a schema with its own rules and the places below it that have some.
 *
 * @param keys the fields that tell the items of a list apart; without them an item has no value from before
 */
record RulePlace(
        String type,
        List<Rule> rules,
        Map<String, RulePlace> properties,
        Optional<RulePlace> additional,
        Optional<RulePlace> items,
        List<String> keys) {

    /**
     * A value to check.
     *
     * @param old the one from before; missing where there was none or it is not known which
     * @param isWithinUnchanged whether nothing has changed around it
     */
    record Value(String path, JsonNode now, JsonNode old, boolean isWithinUnchanged) {
        boolean isUnchanged() {
            return old.isMissingNode() ? isWithinUnchanged : now.equals(old);
        }

        Value below(String path, JsonNode now, JsonNode old) {
            return new Value(path, now, old, isUnchanged());
        }
    }

    static RulePlace of(JsonNode schema, String path, List<SchemaRules.Broken> broken) {
        var properties = new LinkedHashMap<String, RulePlace>();
        for (var property : schema.path("properties").properties()) {
            below(property.getValue(), path + ".properties[" + property.getKey() + "]", broken)
                    .ifPresent(place -> properties.put(property.getKey(), place));
        }
        var keys = new ArrayList<String>();
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        return new RulePlace(
                schema.path("type").asText(),
                rules(schema, path + ".x-kubernetes-validations", broken),
                properties,
                below(schema.path("additionalProperties"), path + ".additionalProperties", broken),
                below(schema.path("items"), path + ".items", broken),
                keys);
    }

    private static Optional<RulePlace> below(JsonNode schema, String path, List<SchemaRules.Broken> broken) {
        return schema.isObject()
                ? Optional.of(of(schema, path, broken)).filter(place -> !place.isEmpty())
                : Optional.empty();
    }

    private static List<Rule> rules(JsonNode schema, String path, List<SchemaRules.Broken> broken) {
        JsonNode written = schema.path("x-kubernetes-validations");
        if (written.isEmpty()) {
            return List.of();
        }
        var compiler = new RuleCompiler(schema);
        var rules = new ArrayList<Rule>();
        for (int i = 0; i < written.size(); i++) {
            JsonNode rule = written.get(i);
            String message = rule.path("message").asText().strip();
            switch (compiler.compile(rule.path("rule").asText(), message)) {
                case Rule compiled -> rules.add(compiled);
                case Unusable(String reason) ->
                    broken.add(new SchemaRules.Broken(path + "[" + i + "].rule", rule, reason));
            }
        }
        return rules;
    }

    boolean isEmpty() {
        return rules.isEmpty() && properties.isEmpty() && additional.isEmpty() && items.isEmpty();
    }

    void check(Value value, List<SchemaRules.Refusal> refusals) {
        if (value.now().isNull()) {
            return;
        }
        for (Rule rule : rules) {
            // What was accepted before a rule came may stay until it is changed: CRDValidationRatcheting, since 1.30.
            if (rule.comparesWithOld() || !value.isUnchanged()) {
                rule.refusal(value.now(), value.old())
                        .ifPresent(reason -> refusals.add(new SchemaRules.Refusal(value.path(), type, reason)));
            }
        }
        if (value.now().isArray()) {
            items.ifPresent(place -> checkItems(place, value, refusals));
        } else if (value.now().isObject()) {
            checkFields(value, refusals);
        }
    }

    private void checkFields(Value value, List<SchemaRules.Refusal> refusals) {
        for (var field : value.now().properties()) {
            String name = field.getKey();
            JsonNode old = value.old().path(name);
            RulePlace declared = properties.get(name);
            if (declared != null) {
                String path = value.path().isEmpty() ? name : value.path() + "." + name;
                declared.check(value.below(path, field.getValue(), old), refusals);
            } else {
                additional.ifPresent(place ->
                        place.check(value.below(value.path() + "[" + name + "]", field.getValue(), old), refusals));
            }
        }
    }

    private void checkItems(RulePlace place, Value value, List<SchemaRules.Refusal> refusals) {
        for (int i = 0; i < value.now().size(); i++) {
            JsonNode item = value.now().get(i);
            place.check(value.below(value.path() + "[" + i + "]", item, sameOf(value.old(), item)), refusals);
        }
    }

    private JsonNode sameOf(JsonNode old, JsonNode item) {
        for (JsonNode candidate : old) {
            if (!keys.isEmpty()
                    && keys.stream().allMatch(key -> candidate.path(key).equals(item.path(key)))) {
                return candidate;
            }
        }
        return MissingNode.getInstance();
    }
}

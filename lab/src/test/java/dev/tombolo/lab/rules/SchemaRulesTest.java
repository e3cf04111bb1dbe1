package dev.tombolo.lab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tombolo.lab.rules.SchemaRules.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of schemas as Kubernetes has them. */
class SchemaRulesTest {
    private static final String SCHEMA = """
            type: object
            properties:
              spec:
                type: object
                properties:
                  low: {type: integer}
                  high: {type: integer}
                  share: {type: number}
                  port:
                    x-kubernetes-int-or-string: true
                    x-kubernetes-validations: [{rule: 'type(self) != int || self > 0', message: port is positive}]
                  zone:
                    type: string
                    x-kubernetes-validations: [{rule: self == oldSelf, message: zone is immutable}]
                  labels:
                    type: object
                    additionalProperties:
                      type: string
                      x-kubernetes-validations: [{rule: 'self.matches("^[a-z]+$")', message: a label is of letters}]
                  ways:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [name]
                    x-kubernetes-validations: [{rule: 'self.all(way, way.cost > 0)', message: a way costs something}]
                    items:
                      type: object
                      x-kubernetes-validations: [{rule: self.cost >= oldSelf.cost, message: cost only grows}]
                      properties:
                        name: {type: string}
                        cost: {type: integer}
                x-kubernetes-validations:
                  - {rule: '!has(self.low) || !has(self.high) || self.low <= self.high', message: low is over high}
                  - {rule: '!has(self.share) || self.share * 2.0 <= 1.0'}
            """;
    private static final SchemaRules RULES = new SchemaRules(yaml(SCHEMA));

    @Test
    void aValueIsRefusedWhereItIsWithTheMessageOrTheRule() {
        assertThat(refusals(yaml("spec: {low: 2, high: 1, share: 1, ways: [{name: a, cost: 0}]}")))
                .containsExactly(
                        new Refusal("spec", "object", "low is over high"),
                        new Refusal("spec", "object", "failed rule: !has(self.share) || self.share * 2.0 <= 1.0"),
                        new Refusal("spec.ways", "array", "a way costs something"));
        assertThat(refusals(yaml("spec: {labels: {a: b, c: D}, port: 0}")))
                .containsExactly(
                        new Refusal("spec.labels[c]", "string", "a label is of letters"),
                        new Refusal("spec.port", "", "port is positive"));
        assertThat(refusals(yaml("spec: {low: 1, high: 1, share: 0.5, port: http, ways: [{name: a, cost: 1}]}")))
                .isEmpty();
        assertThat(refusals(yaml("spec: null"))).isEmpty();
    }

    @Test
    void whatARuleCannotReadIsRefused() {
        assertThat(refusals(yaml("spec: {ways: [{name: a}]}")))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason())
                        .contains("cost")
                        .endsWith("evaluating rule: a way costs something"));
    }

    @Test
    void aRuleOfBeforeAndAfterIsAskedOnlyWhereThereIsABefore() {
        assertThat(refusals(yaml("spec: {zone: a}"))).isEmpty();
        assertThat(RULES.check(yaml("spec: {zone: a}"), yaml("spec: {low: 1}"))).isEmpty();
        assertThat(RULES.check(yaml("spec: {zone: a}"), yaml("spec: {zone: a, low: 1}")))
                .isEmpty();
        assertThat(RULES.check(yaml("spec: {zone: a}"), yaml("spec: {zone: b}")))
                .containsExactly(new Refusal("spec.zone", "string", "zone is immutable"));
    }

    @Test
    void anItemIsComparedWithTheOneOfItsKey() {
        JsonNode before = yaml("spec: {ways: [{name: a, cost: 1}, {name: b, cost: 9}]}");
        assertThat(RULES.check(yaml("spec: {ways: [{name: b, cost: 9}, {name: c, cost: 1}]}"), before))
                .isEmpty();
        assertThat(RULES.check(yaml("spec: {ways: [{name: b, cost: 8}, {name: a, cost: 1}]}"), before))
                .containsExactly(new Refusal("spec.ways[0]", "object", "cost only grows"));
    }

    @Test
    void whatIsWrongSinceBeforeMayStayUntilItIsChanged() {
        JsonNode before = yaml("spec: {labels: {a: B}, low: 1}");
        assertThat(RULES.check(yaml("spec: {labels: {a: B, c: d}, low: 2}"), before))
                .isEmpty();
        assertThat(RULES.check(yaml("spec: {labels: {a: C}, low: 1}"), before))
                .containsExactly(new Refusal("spec.labels[a]", "string", "a label is of letters"));
    }

    @ParameterizedTest
    @CsvSource({
        "self.lo <= 1,       compilation failed: ERROR: <input>:1:5: undefined field 'lo'",
        "other.low <= 1,     compilation failed: ERROR: <input>:1:1: undeclared reference to 'other'",
        "self.low <= 'a',    compilation failed: ERROR: <input>:1:10: found no matching overload for '_<=_'",
        "self.low <=,        compilation failed: ERROR: <input>:1:12: mismatched input '<EOF>'",
        "self.low,           cel expression must evaluate to a bool",
    })
    void aRuleThatDoesNotCompileIsNamed(String rule, String reason) {
        var rules = new SchemaRules(
                yaml(SCHEMA.replace("'!has(self.share) || self.share * 2.0 <= 1.0'", '"' + rule + '"')));
        assertThat(rules.broken()).singleElement().satisfies(broken -> {
            assertThat(broken.path()).isEqualTo(".properties[spec].x-kubernetes-validations[1].rule");
            assertThat(broken.reason()).startsWith(reason);
        });
    }

    private static List<Refusal> refusals(JsonNode created) {
        return RULES.check(created, MissingNode.getInstance());
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException(malformed);
        }
    }
}

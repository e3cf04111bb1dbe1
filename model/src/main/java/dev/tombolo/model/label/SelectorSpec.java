package dev.tombolo.model.label;

import java.util.List;
import java.util.Map;

/** A label selector as it was written; nothing of it has been checked. */
public record SelectorSpec(Map<String, String> matchLabels, List<Expression> matchExpressions) {
    public SelectorSpec {
        matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
        matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
    }

    /** A requirement of a label selector. */
    public record Expression(String key, String operator, List<String> values) {
        public Expression {
            key = key == null ? "" : key;
            operator = operator == null ? "" : operator;
            values = values == null ? List.of() : List.copyOf(values);
        }
    }
}

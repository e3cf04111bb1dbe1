package dev.tombolo.model.label;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads label selectors; what is wrong with one is reported with the field it stands in. */
public record SelectorFields(String where, List<Invalid> refused) {
    public LabelSelector selector(String field, Optional<SelectorSpec> text) {
        if (text.isEmpty()) {
            return LabelSelector.EVERYTHING;
        }
        var requirements = new ArrayList<LabelRequirement>();
        text.get().matchLabels().forEach((key, value) -> requirements.add(LabelRequirement.is(plain(key), value)));
        for (var expression : text.get().matchExpressions()) {
            requirement(field + ".matchExpressions", expression).ifPresent(requirements::add);
        }
        return new LabelSelector(requirements);
    }

    private Optional<LabelRequirement> requirement(String field, SelectorSpec.Expression expression) {
        if (expression.key().isEmpty()) {
            return refuse(field + ".key", "nothing", "the key of a label");
        }
        return switch (expression.operator()) {
            case "In" -> listed(field, Operator.IN, expression);
            case "NotIn" -> listed(field, Operator.NOT_IN, expression);
            case "Exists" -> bare(field, Operator.EXISTS, expression);
            case "DoesNotExist" -> bare(field, Operator.DOES_NOT_EXIST, expression);
            default -> refuse(field + ".operator", expression.operator(), "In, NotIn, Exists or DoesNotExist");
        };
    }

    private Optional<LabelRequirement> listed(String field, Operator operator, SelectorSpec.Expression expression) {
        return expression.values().isEmpty()
                ? refuse(
                        field + ".values",
                        "none",
                        "at least one value for " + expression.operator() + " of " + expression.key())
                : Optional.of(new LabelRequirement(plain(expression.key()), operator, Set.copyOf(expression.values())));
    }

    private Optional<LabelRequirement> bare(String field, Operator operator, SelectorSpec.Expression expression) {
        return expression.values().isEmpty()
                ? Optional.of(new LabelRequirement(plain(expression.key()), operator, Set.of()))
                : refuse(
                        field + ".values",
                        String.join(", ", expression.values()),
                        "no values for " + expression.operator() + ": remove them, or write In or NotIn");
    }

    private Optional<LabelRequirement> refuse(String field, String read, String expected) {
        refused.add(new Invalid(where + " " + field, Invalid.Reason.MALFORMED, read, expected));
        return Optional.empty();
    }

    /** Cilium's selectors may name the source of a label; that of a pod's is Kubernetes, or any. */
    private static String plain(String key) {
        return key.startsWith("k8s:") || key.startsWith("any:") ? key.substring(4) : key;
    }
}

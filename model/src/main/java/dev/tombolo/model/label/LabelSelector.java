package dev.tombolo.model.label;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A Kubernetes label selector: every requirement has to hold, and none at all selects everything. The order in which
 * requirements were written is forgotten, so that selectors that say the same are equal.
 */
public record LabelSelector(List<LabelRequirement> requirements) implements Comparable<LabelSelector> {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    public LabelSelector {
        requirements = requirements.stream().distinct().sorted().toList();
    }

    public static LabelSelector of(Map<String, String> matchLabels) {
        return new LabelSelector(matchLabels.entrySet().stream()
                .map(label -> LabelRequirement.is(label.getKey(), label.getValue()))
                .toList());
    }

    public boolean matches(Map<String, String> labels) {
        return matches(labels::get);
    }

    /** For labels that are not in one map: {@code valueOf} gives a key's value, or null where there is no such label. */
    public boolean matches(UnaryOperator<String> valueOf) {
        for (int i = 0; i < requirements.size(); i++) {
            var requirement = requirements.get(i);
            if (!requirement.holds(valueOf.apply(requirement.key()))) {
                return false;
            }
        }
        return true;
    }

    public boolean selectsEverything() {
        return requirements.isEmpty();
    }

    /** The values of which a label must have one; empty where the selector does not name them. */
    public Optional<Set<String>> required(String key) {
        return requirements.stream()
                .filter(requirement ->
                        requirement.key().equals(key) && requirement.operator() == LabelRequirement.Operator.IN)
                .map(LabelRequirement::values)
                .findFirst();
    }

    @Override
    public int compareTo(LabelSelector other) {
        return toString().compareTo(other.toString());
    }

    /** As {@code kubectl -l} takes it. */
    @Override
    public String toString() {
        return requirements.stream().map(LabelRequirement::toString).collect(Collectors.joining(","));
    }
}

package dev.tombolo.model.label;

import java.util.Set;
import java.util.TreeSet;

/** What a selector asks of one label. */
public record LabelRequirement(String key, Operator operator, Set<String> values)
        implements Comparable<LabelRequirement> {
    public LabelRequirement {
        values = Set.copyOf(values);
    }

    /** How the values are meant; a label that is absent is in no set of values. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    public static LabelRequirement is(String key, String value) {
        return new LabelRequirement(key, Operator.IN, Set.of(value));
    }

    /** Whether a value, null for an absent label, is as required. */
    boolean holds(String value) {
        return switch (operator) {
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
        };
    }

    @Override
    public int compareTo(LabelRequirement other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        String listed = "(" + String.join(",", new TreeSet<>(values)) + ")";
        return switch (operator) {
            case IN -> values.size() == 1 ? key + "=" + values.iterator().next() : key + " in " + listed;
            case NOT_IN -> key + " notin " + listed;
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
        };
    }
}

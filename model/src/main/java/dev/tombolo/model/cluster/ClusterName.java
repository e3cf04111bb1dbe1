package dev.tombolo.model.cluster;

import dev.tombolo.model.Invalid;
import java.util.Optional;
import java.util.regex.Pattern;

/** A cluster's name in the mesh: a DNS label of at most 32 characters (Cilium Cluster Mesh's own rule). */
public record ClusterName(String value) implements Comparable<ClusterName> {
    private static final Pattern FORM = Pattern.compile("([a-z0-9][-a-z0-9]*)?[a-z0-9]");
    private static final int LONGEST = 32;

    public ClusterName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a cluster name: " + value);
        }
    }

    /** The reason why a name is refused, or empty. {@code default} is reserved for clusters that never join. */
    public static Optional<Invalid> check(String where, String value) {
        return isValid(value) && !value.equals("default")
                ? Optional.empty()
                : Optional.of(new Invalid(
                        where,
                        Invalid.Reason.BAD_CONFIGURATION,
                        value,
                        "lower-case letters, digits and dashes, at most 32 characters, and not 'default'"));
    }

    public static Optional<ClusterName> tryParse(String value) {
        return isValid(value) ? Optional.of(new ClusterName(value)) : Optional.empty();
    }

    private static boolean isValid(String value) {
        return value != null && value.length() <= LONGEST && FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(ClusterName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

package dev.tombolo.model.service;

import dev.tombolo.model.Invalid;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which namespaces take part in the mesh: both sides of it ask here, the one that offers a service to other clusters and
 * the one that uses theirs. As Cilium decides it, a namespace that has the annotation takes part only if it says true,
 * and one that has it not follows the cluster's setting.
 *
 * @param byDefault whether a namespace that does not say so takes part
 */
public record GlobalNamespaces(boolean byDefault) {
    public static final String ANNOTATION = "clustermesh.cilium.io/global";

    /** The setting's key, below {@code tombolo}. */
    public static final String SETTING = "default-global-namespace";

    /** What a setting has to be. */
    public static final String EXPECTED = "true or false";

    /** The setting where none is given. */
    public static final GlobalNamespaces DEFAULT = new GlobalNamespaces(true);

    /** Reads the setting; empty if it is neither true nor false. */
    public static Optional<GlobalNamespaces> tryParse(String setting) {
        return flag(setting).map(GlobalNamespaces::new);
    }

    /**
     * Whether a namespace takes part.
     *
     * @param annotations of the Namespace; empty for one that is not known, which takes no part: it may say no
     */
    public boolean include(Optional<Map<String, String>> annotations) {
        return annotations
                .map(found -> Optional.ofNullable(found.get(ANNOTATION))
                        .map(said -> flag(said).orElse(false))
                        .orElse(byDefault))
                .orElse(false);
    }

    /** What is not understood of a Namespace; such a value keeps it out of the mesh. */
    public static List<Invalid> check(String namespace, Map<String, String> annotations) {
        String said = annotations.get(ANNOTATION);
        return said == null || flag(said).isPresent()
                ? List.of()
                : List.of(new Invalid(
                        "Namespace " + namespace + " annotation " + ANNOTATION,
                        Invalid.Reason.BAD_ANNOTATION,
                        said,
                        EXPECTED));
    }

    private static Optional<Boolean> flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}

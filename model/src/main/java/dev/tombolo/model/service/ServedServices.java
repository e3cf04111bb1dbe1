package dev.tombolo.model.service;

import java.util.Locale;
import java.util.Optional;

/** Which services of its cluster Tombolo serves; the others are left to kube-proxy. */
public enum ServedServices {
    GLOBAL,
    ALL;

    /** The setting's key, below {@code tombolo}. */
    public static final String SETTING = "kube-proxy-replacement";

    /** What a setting has to be. */
    public static final String EXPECTED = "true or false; strict is the same as true, partial and disabled as false";

    /** The setting where none is given. */
    public static final ServedServices DEFAULT = GLOBAL;

    /**
     * Reads the setting. Manifests for Cilium before 1.14 have other words: {@code strict} was to fail where not all was
     * possible, which is so always; {@code partial} named one by one what to replace, of which nothing is known here.
     */
    public static Optional<ServedServices> tryParse(String setting) {
        return switch (setting.toLowerCase(Locale.ROOT)) {
            case "true", "strict" -> Optional.of(ALL);
            case "false", "partial", "disabled" -> Optional.of(GLOBAL);
            default -> Optional.empty();
        };
    }

    /** As it is written into settings. */
    public String setting() {
        return Boolean.toString(this == ALL);
    }
}

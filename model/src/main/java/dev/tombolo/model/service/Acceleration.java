package dev.tombolo.model.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether what nodes hand on to each other goes its way before the stack of the node, by programs of XDP. */
public enum Acceleration {
    /** Through tc, as everything. */
    DISABLED,
    /** By the drivers of the uplinks; one that cannot is a problem. */
    NATIVE,
    /** By the drivers that can. */
    BEST_EFFORT,
    /** At the entrance of the stack, where nothing is won, for drivers that cannot. */
    TESTING_ONLY;

    /** The setting's key, below {@code tombolo}. */
    public static final String SETTING = "load-balancer-acceleration";

    /** What a setting has to be. */
    public static final String EXPECTED = "disabled, native, best-effort or testing-only";

    /** The setting where none is given. */
    public static final Acceleration DEFAULT = DISABLED;

    public static Optional<Acceleration> tryParse(String setting) {
        String word = setting.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(value -> value.setting().equals(word))
                .findFirst();
    }

    /** As it is written into settings. */
    public String setting() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

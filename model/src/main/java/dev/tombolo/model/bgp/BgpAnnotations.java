package dev.tombolo.model.bgp;

import dev.tombolo.model.Invalid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads the annotations by which Cilium's kinds are asked for more than their fields can say. A value that is not
 * understood counts as absent and is reported, and so is a key that nobody reads.
 */
public record BgpAnnotations(String where, Map<String, String> annotations, List<Invalid> refused) {
    public static final String PREFIX = "bgp.tombolo.dev/";
    public static final String BFD = PREFIX + "bfd";
    public static final String BFD_INTERVAL = PREFIX + "bfd-interval";
    public static final String BFD_MULTIPLIER = PREFIX + "bfd-multiplier";
    public static final String MED = PREFIX + "med";
    public static final String PREPEND = PREFIX + "as-path-prepend";
    public static final String REMOTE_BACKENDS = PREFIX + "remote-backends";
    public static final String ACTIVE_CLUSTERS = PREFIX + "active-clusters";
    public static final String STANDBY_MED = PREFIX + "standby-med";
    public static final String STANDBY_PREPEND = PREFIX + "standby-prepend";

    /** Reports the keys of ours that this kind does not have. */
    void allow(Set<String> known) {
        for (String key : new TreeSet<>(annotations.keySet())) {
            if (key.startsWith(PREFIX) && !known.contains(key)) {
                refuse(key, annotations.get(key), expected(known));
            }
        }
    }

    private static String expected(Set<String> known) {
        return known.isEmpty()
                ? "none: this kind has no annotations of ours"
                : "one of " + String.join(", ", new TreeSet<>(known));
    }

    Optional<BgpDrain> drain() {
        String text = annotations.get(BgpDrain.ANNOTATION);
        if (text != null && BgpDrain.tryParse(text).isEmpty()) {
            refuse(
                    BgpDrain.ANNOTATION,
                    text,
                    "when it began and how long routes ask for another way, for instance 2026-01-02T03:04:05Z/PT30S:"
                            + " as it is, they ask and stay");
        }
        return Optional.ofNullable(text).map(BgpDrain::parse);
    }

    OptionalLong number(String key, long least, long most) {
        return value(key, text -> within(text, least, most), least + " to " + most)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    Optional<Boolean> onOff(String key) {
        return value(
                key,
                text -> text.equals("on") || text.equals("off") ? Optional.of(text.equals("on")) : Optional.empty(),
                "on or off");
    }

    <T> Optional<T> value(String key, Function<String, Optional<T>> read, String expected) {
        String text = annotations.get(key);
        if (text == null) {
            return Optional.empty();
        }
        var value = read.apply(text.strip());
        if (value.isEmpty()) {
            refuse(key, text, expected);
        }
        return value;
    }

    boolean has(String key) {
        return annotations.containsKey(key);
    }

    /** One that was understood, and does nothing without something else. */
    void refuseAlone(String key, String needed) {
        refuse(key, annotations.get(key), needed + " beside it, to have an effect");
    }

    void refuse(String key, String read, String expected) {
        refused.add(new Invalid(where + " annotation " + key, Invalid.Reason.BAD_ANNOTATION, read, expected));
    }

    private static Optional<Long> within(String text, long least, long most) {
        return Optional.of(text)
                .filter(digits -> digits.matches("\\d{1,10}"))
                .map(Long::valueOf)
                .filter(number -> number >= least && number <= most);
    }
}

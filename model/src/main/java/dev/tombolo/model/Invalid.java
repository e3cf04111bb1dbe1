package dev.tombolo.model;

import java.util.Objects;

/**
 * Input that was refused: a value to show to whoever can mend it, never an exception.
 *
 * @param where the object and field it was read from, for instance {@code Service shop/web annotation service.cilium.io/affinity}
 * @param reason a stable word to count by
 * @param read what was read, shortened
 * @param expected what would have been accepted
 */
public record Invalid(String where, Reason reason, String read, String expected) {
    private static final int LONGEST_SHOWN = 120;

    public Invalid {
        Objects.requireNonNull(where);
        Objects.requireNonNull(reason);
        read = shorten(read);
        Objects.requireNonNull(expected);
    }

    /** Why input is refused; the names are metric labels and appear in status, so they never change. */
    public enum Reason {
        MALFORMED,
        TOO_LARGE,
        WRONG_CLUSTER,
        WRONG_KEY,
        ID_OUT_OF_RANGE,
        ADDRESS_NOT_DECLARED,
        ADDRESS_IS_OURS,
        ADDRESS_NOT_OURS,
        ADDRESS_FORBIDDEN,
        NOT_ALLOWED,
        QUOTA_EXCEEDED,
        BAD_ANNOTATION,
        UNSUPPORTED_PROTOCOL,
        BAD_CONFIGURATION
    }

    private static String shorten(String text) {
        String shown = text == null ? "nothing" : text;
        return shown.length() <= LONGEST_SHOWN ? shown : shown.substring(0, LONGEST_SHOWN) + "…";
    }

    @Override
    public String toString() {
        return where + ": read " + read + ", expected " + expected;
    }
}

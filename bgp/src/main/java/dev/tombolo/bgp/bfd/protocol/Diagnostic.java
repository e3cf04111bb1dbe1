package dev.tombolo.bgp.bfd.protocol;

/** Why a session left Up (RFC 5880, 4.1); the order is that of the codes on the wire. */
public enum Diagnostic {
    NONE,
    DETECTION_TIME_EXPIRED,
    ECHO_FAILED,
    NEIGHBOR_SIGNALED_DOWN,
    FORWARDING_PLANE_RESET,
    PATH_DOWN,
    CONCATENATED_PATH_DOWN,
    ADMINISTRATIVELY_DOWN,
    REVERSE_CONCATENATED_PATH_DOWN,
    /** Any code that RFC 5880 keeps for later; never sent. */
    UNKNOWN;

    private static final Diagnostic[] BY_CODE = values();

    static Diagnostic of(int code) {
        return code < UNKNOWN.ordinal() ? BY_CODE[code] : UNKNOWN;
    }

    int code() {
        return this == UNKNOWN ? NONE.ordinal() : ordinal();
    }
}

package dev.tombolo.bgp.bfd.protocol;

/** RFC 5880, 6.2; the order is that of the codes on the wire. */
public enum SessionState {
    ADMIN_DOWN,
    DOWN,
    INIT,
    UP;

    private static final SessionState[] BY_CODE = values();

    static SessionState of(int code) {
        return BY_CODE[code & 3];
    }

    int code() {
        return ordinal();
    }
}

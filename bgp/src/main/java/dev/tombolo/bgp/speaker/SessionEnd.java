package dev.tombolo.bgp.speaker;

/** Why sessions end, in a few words that can be counted by. */
public enum SessionEnd {
    /** One side heard nothing for the hold time. */
    HOLD_TIMER,
    /** The way was found broken by BFD (RFC 9384). */
    BFD,
    /** An administrator reset it. */
    RESET,
    /** An administrator shut it down, or took the peer away. */
    SHUTDOWN,
    /** The configuration of one side changed. */
    CONFIGURATION,
    /** One side could not take a message of the other. */
    MESSAGE,
    /** One side ran out of prefixes or resources. */
    LIMIT,
    /** One side ceased for another reason. */
    CEASE,
    /** The connection was lost without a word. */
    CONNECTION,
    /** The program that speaks was out of reach, and came back without it. */
    SPEAKER;

    public static SessionEnd of(Notification notification) {
        return switch (notification.code()) {
            case 4 -> HOLD_TIMER;
            case 6 -> cease(notification.subcode());
            default -> MESSAGE;
        };
    }

    private static SessionEnd cease(int subcode) {
        return switch (subcode) {
            case 1, 8 -> LIMIT;
            case 2, 3 -> SHUTDOWN;
            case 4, 9 -> RESET;
            case 6 -> CONFIGURATION;
            case 10 -> BFD;
            default -> CEASE;
        };
    }
}

package dev.tombolo.agent.outside;

/**
 * A program before the stack of an uplink.
 *
 * @param index of the device; one that was made anew has another
 */
record Shortcut(int index, Way way) {
    enum Way {
        /** By the driver, and it is a problem where it cannot. */
        NATIVE,
        /** By the driver where it can. */
        NATIVE_IF_POSSIBLE,
        /** At the entrance of the stack. */
        GENERIC,
        /** Wanted, but the driver would lose what it is to send. */
        UNSAFE
    }
}

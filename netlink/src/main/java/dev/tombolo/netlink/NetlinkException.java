package dev.tombolo.netlink;

import java.io.IOException;

/** The kernel refused something; the message is a sentence. */
public final class NetlinkException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Errno errno;

    /** {@code detail} is what the kernel said beyond the number, or empty. */
    public NetlinkException(String operation, String object, Errno errno, String detail) {
        super(operation + " of " + object + " refused: " + errno + (detail.isEmpty() ? "" : ": " + detail));
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}

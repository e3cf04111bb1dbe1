package dev.tombolo.wireguard;

import java.io.IOException;

/** A WireGuard device refused something; the message is a sentence and never holds a private key. */
public final class WireGuardException extends IOException {
    private static final long serialVersionUID = 1L;
    static final int ENODEV = 19;
    static final int EOPNOTSUPP = 95;

    private final int errno;

    public WireGuardException(String operation, String object, int errno) {
        super(operation + " of " + object + " refused: " + name(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }

    static void check(int result, String operation, String object) throws WireGuardException {
        if (result < 0) {
            throw new WireGuardException(operation, object, -result);
        }
    }

    static String name(int errno) {
        return switch (errno) {
            case 1 -> "EPERM (not permitted)";
            case 2 -> "ENOENT (no such thing)";
            case 5 -> "EIO (input or output error)";
            case 12 -> "ENOMEM (out of memory)";
            case 17 -> "EEXIST (it exists already)";
            case ENODEV -> "ENODEV (no such device)";
            case 22 -> "EINVAL (invalid argument)";
            case 71 -> "EPROTO (protocol error)";
            case 93 -> "EPROTONOSUPPORT (the kernel has no WireGuard)";
            case EOPNOTSUPP -> "EOPNOTSUPP (not supported by this kernel)";
            case 98 -> "EADDRINUSE (the port is taken)";
            default -> "errno " + errno;
        };
    }
}

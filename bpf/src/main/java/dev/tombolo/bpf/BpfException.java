package dev.tombolo.bpf;

import java.io.IOException;

/** The kernel refused an operation on an eBPF object; the message is a sentence. */
public final class BpfException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int E2BIG = 7;

    private final int errno;

    public BpfException(String operation, String object, int errno, String detail) {
        super(operation + " of " + object + " refused: " + Errno.describe(errno)
                + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }

    public boolean isFull() {
        return errno == E2BIG;
    }

    static int check(int result, String operation, String object) throws BpfException {
        if (result < 0) {
            throw new BpfException(operation, object, -result, "");
        }
        return result;
    }
}

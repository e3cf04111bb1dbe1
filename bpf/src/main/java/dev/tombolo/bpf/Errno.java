package dev.tombolo.bpf;

/** Names of the errors that bpf(2) and its neighbours return. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int E2BIG = 7;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int EOPNOTSUPP = 95;

    private Errno() {}

    static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM, not permitted";
            case ENOENT -> "ENOENT, it does not exist";
            case E2BIG -> "E2BIG, the map is full";
            case 9 -> "EBADF, it is closed";
            case 12 -> "ENOMEM, out of memory";
            case 13 -> "EACCES, access denied or refused by the verifier";
            case EBUSY -> "EBUSY, it is in use";
            case EEXIST -> "EEXIST, it exists already";
            case ENODEV -> "ENODEV, no such device";
            case EINVAL -> "EINVAL, invalid argument or not supported by this kernel";
            case ENOSPC -> "ENOSPC, no space";
            case EOPNOTSUPP -> "EOPNOTSUPP, not supported there";
            case 524 -> "ENOTSUPP, not supported by this kernel";
            default -> "errno " + errno;
        };
    }
}

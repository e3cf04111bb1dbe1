package dev.tombolo.netlink;

/** An error number of the kernel, with its name. */
public record Errno(int number) {
    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    public static final Errno ENETUNREACH = new Errno(101);
    public static final Errno ENOBUFS = new Errno(105);
    public static final Errno ETIMEDOUT = new Errno(110);
    public static final Errno EHOSTUNREACH = new Errno(113);

    @Override
    public String toString() {
        return switch (number) {
            case 1 -> "EPERM (not permitted)";
            case 2 -> "ENOENT (no such thing)";
            case 3 -> "ESRCH (no such route or process)";
            case 11 -> "EAGAIN (try again)";
            case 12 -> "ENOMEM (out of memory)";
            case 13 -> "EACCES (access denied)";
            case 16 -> "EBUSY (in use)";
            case 17 -> "EEXIST (it exists already)";
            case 19 -> "ENODEV (no such device)";
            case 22 -> "EINVAL (invalid argument)";
            case 34 -> "ERANGE (name too long or out of range)";
            case 90 -> "EMSGSIZE (message too long)";
            case 95 -> "EOPNOTSUPP (not supported by this kernel)";
            case 99 -> "EADDRNOTAVAIL (no such address)";
            case 100 -> "ENETDOWN (the device is down)";
            case 101 -> "ENETUNREACH (no route)";
            case 105 -> "ENOBUFS (no buffer space)";
            case 110 -> "ETIMEDOUT (no answer in time)";
            case 113 -> "EHOSTUNREACH (no route to it)";
            default -> "errno " + number;
        };
    }
}

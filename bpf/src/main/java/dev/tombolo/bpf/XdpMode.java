package dev.tombolo.bpf;

/** Where packets are when a program of XDP gets them. */
public enum XdpMode {
    /** In the driver, before there is anything of the stack's around them. */
    NATIVE("native", 1 << 2),
    /** At the entrance of the stack, whatever the driver; what was to be saved is spent already. */
    GENERIC("generic", 1 << 1);

    private final String word;
    private final int flag;

    XdpMode(String word, int flag) {
        this.word = word;
        this.flag = flag;
    }

    /** As the kernel numbers it, {@code XDP_FLAGS_*_MODE}. */
    int flag() {
        return flag;
    }

    /** What the links of a program are named by; the device follows. */
    String pins(String program) {
        return program + "_" + word + "_";
    }

    /** What it means that the kernel will not have a program there. */
    String refusal(int errno) {
        return switch (errno) {
            case Errno.EBUSY, Errno.EEXIST -> "a program of XDP that is not ours is there";
            case Errno.EOPNOTSUPP -> "its driver runs no programs of XDP";
            default -> "its driver runs no programs of XDP as the device is set up";
        };
    }
}

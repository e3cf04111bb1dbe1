package dev.tombolo.netlink;

/** Numbers of linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h and linux/fib_rules.h. */
final class Rtnetlink {
    static final int NEWLINK = 16;
    static final int DELLINK = 17;
    static final int GETLINK = 18;
    static final int NEWADDR = 20;
    static final int DELADDR = 21;
    static final int GETADDR = 22;
    static final int NEWROUTE = 24;
    static final int DELROUTE = 25;
    static final int GETROUTE = 26;
    static final int NEWRULE = 32;
    static final int DELRULE = 33;
    static final int GETRULE = 34;

    static final int REQUEST = 0x1;
    static final int ACK = 0x4;
    static final int DUMP_INTERRUPTED = 0x10;
    static final int DUMP = 0x300;
    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;

    private Rtnetlink() {}
}

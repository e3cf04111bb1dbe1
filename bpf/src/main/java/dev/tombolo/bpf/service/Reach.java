package dev.tombolo.bpf.service;

/** Whose connections are served under an address of a service. */
public enum Reach {
    /** Of sockets on this node. */
    CLUSTER(0),
    /** Also packets that come to this node from outside; backends see this node as their client. */
    OUTSIDE(2),
    /** Only packets that come from outside, by backends of this node, which see the client itself. */
    OUTSIDE_LOCAL(2 | 4);

    private static final int ALL = 2 | 4;

    private final int flags;

    Reach(int flags) {
        this.flags = flags;
    }

    int flags() {
        return flags;
    }

    static Reach of(int flags) {
        for (var reach : values()) {
            if (reach.flags == (flags & ALL)) {
                return reach;
            }
        }
        return CLUSTER;
    }
}

package dev.tombolo.bpf.service;

/** Whose connections are served under an address of a service. */
public enum Reach {
    /** Of sockets on this node. */
    CLUSTER(0),
    /** Also packets that come to this node from outside; backends see this node as their client. */
    OUTSIDE(2),
    /** Only packets that come from outside, by backends of this node, which see the client itself. */
    OUTSIDE_LOCAL(2 | 4),
    /** As {@link #OUTSIDE}, at an address of this node, where only what opens a connection is certain to be meant. */
    NODE_PORT(2 | 8),
    /** The same of {@link #OUTSIDE_LOCAL}. */
    NODE_PORT_LOCAL(2 | 4 | 8);

    private static final int ALL = 2 | 4 | 8;

    private final int flags;

    Reach(int flags) {
        this.flags = flags;
    }

    /** Whether only backends of this node serve. */
    public boolean isLocal() {
        return (flags & 4) != 0;
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

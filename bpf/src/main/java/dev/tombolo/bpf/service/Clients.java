package dev.tombolo.bpf.service;

import dev.tombolo.model.net.Prefix;
import java.util.Optional;
import java.util.Set;

/**
 * Who is served under an address of a service.
 *
 * @param ranges where clients outside have to be; absent where it does not matter, empty where nobody is
 * @param together whether all connections of a client go to the same backend
 * @param direct whether backends of this cluster see clients outside, and their nodes answer them, not this one
 */
public record Clients(Reach reach, Optional<Set<Prefix>> ranges, boolean together, boolean direct) {
    /** Whoever is in the cluster. */
    public static final Clients OF_CLUSTER = of(Reach.CLUSTER);

    private static final int RESTRICTED = 16;
    private static final int BY_CLIENT = 32;
    private static final int ANSWERS_DIRECTLY = 128;

    public Clients {
        ranges = ranges.map(Set::copyOf);
    }

    /** Wherever they are. */
    public static Clients of(Reach reach) {
        return of(reach, Optional.empty());
    }

    /** @param ranges as {@link #ranges} */
    public static Clients of(Reach reach, Optional<Set<Prefix>> ranges) {
        return new Clients(reach, ranges, false, false);
    }

    /** The same, connection by connection or client by client. */
    public Clients together(boolean together) {
        return new Clients(reach, ranges, together, direct);
    }

    /** The same, answered by the nodes of the backends or through this one. */
    public Clients direct(boolean direct) {
        return new Clients(reach, ranges, together, direct);
    }

    int flags() {
        return reach.flags()
                | (ranges.isPresent() ? RESTRICTED : 0)
                | (together ? BY_CLIENT : 0)
                | (direct ? ANSWERS_DIRECTLY : 0);
    }

    static Clients of(int flags, Set<Prefix> ranges) {
        return new Clients(
                Reach.of(flags),
                (flags & RESTRICTED) == 0 ? Optional.empty() : Optional.of(ranges),
                (flags & BY_CLIENT) != 0,
                (flags & ANSWERS_DIRECTLY) != 0);
    }
}

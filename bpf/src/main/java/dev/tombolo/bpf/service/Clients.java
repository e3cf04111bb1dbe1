package dev.tombolo.bpf.service;

import dev.tombolo.model.net.Prefix;
import java.util.Optional;
import java.util.Set;

/**
 * Who is served under an address of a service.
 *
 * @param ranges where clients outside have to be; absent where it does not matter, empty where nobody is
 */
public record Clients(Reach reach, Optional<Set<Prefix>> ranges) {
    /** Whoever is in the cluster. */
    public static final Clients OF_CLUSTER = of(Reach.CLUSTER);

    private static final int RESTRICTED = 16;

    public Clients {
        ranges = ranges.map(Set::copyOf);
    }

    /** Wherever they are. */
    public static Clients of(Reach reach) {
        return new Clients(reach, Optional.empty());
    }

    int flags() {
        return reach.flags() | (ranges.isPresent() ? RESTRICTED : 0);
    }

    static Clients of(int flags, Set<Prefix> ranges) {
        return new Clients(Reach.of(flags), (flags & RESTRICTED) == 0 ? Optional.empty() : Optional.of(ranges));
    }
}

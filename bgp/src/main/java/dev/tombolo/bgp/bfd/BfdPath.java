package dev.tombolo.bgp.bfd;

import dev.tombolo.model.net.IpAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where a session runs: what tells it from every other.
 *
 * @param device needed for link-local addresses; without it any way to the peer will do
 * @param hops 1 for a neighbour on the same link (RFC 5881), more for one behind routers (RFC 5883)
 */
public record BfdPath(IpAddress peer, IpAddress local, Optional<String> device, int hops)
        implements Comparable<BfdPath> {
    private static final int MOST_HOPS = 255;
    private static final Comparator<BfdPath> ORDER = Comparator.comparing(BfdPath::peer)
            .thenComparing(BfdPath::local)
            .thenComparing(path -> path.device().orElse(""))
            .thenComparing(BfdPath::hops);

    public BfdPath {
        if (peer.isV4() != local.isV4()) {
            throw new IllegalArgumentException("a path has one family: " + local + " to " + peer);
        }
        if (hops < 1 || hops > MOST_HOPS) {
            throw new IllegalArgumentException("a path has 1–255 hops, not " + hops);
        }
        if (!peer.isV4() && peer.isLinkLocal() && device.isEmpty()) {
            throw new IllegalArgumentException("the link-local address " + peer + " needs a device");
        }
    }

    /** To a router on the same link. */
    public static BfdPath direct(IpAddress peer, IpAddress local) {
        return new BfdPath(peer, local, Optional.empty(), 1);
    }

    public boolean isDirect() {
        return hops == 1;
    }

    /** What is left of 255 after as many routers as are allowed. */
    public int lowestTtl() {
        return MOST_HOPS + 1 - hops;
    }

    @Override
    public int compareTo(BfdPath other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return local + " to " + peer + device.map(name -> " by " + name).orElse("");
    }
}

package dev.tombolo.bgp.bfd;

import dev.tombolo.model.net.IpAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where a session runs: what tells it from every other.
 *
 * @param device needed for link-local addresses; without it any way to the peer will do
 */
public record BfdPath(IpAddress peer, IpAddress local, Optional<String> device, Reach reach)
        implements Comparable<BfdPath> {
    private static final Comparator<BfdPath> ORDER = Comparator.comparing(BfdPath::peer)
            .thenComparing(BfdPath::local)
            .thenComparing(path -> path.device().orElse(""))
            .thenComparing(BfdPath::reach);

    /** How far it is to the neighbour. */
    public enum Reach {
        /** On the same link (RFC 5881): what has crossed a router is not believed. */
        DIRECT,
        /** Behind routers (RFC 5883): routers send with whatever TTL they like. */
        MULTIHOP
    }

    public BfdPath {
        if (peer.isV4() != local.isV4()) {
            throw new IllegalArgumentException("a path has one family: " + local + " to " + peer);
        }
        if (!peer.isV4() && peer.isLinkLocal() && device.isEmpty()) {
            throw new IllegalArgumentException("the link-local address " + peer + " needs a device");
        }
    }

    /** To a router on the same link. */
    public static BfdPath direct(IpAddress peer, IpAddress local) {
        return new BfdPath(peer, local, Optional.empty(), Reach.DIRECT);
    }

    public boolean isDirect() {
        return reach == Reach.DIRECT;
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

package dev.tombolo.model.bgp;

import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A session of this node as its speaker is to hold it; every field is one that the speaker can honour.
 *
 * @param routerId an IPv4 address
 * @param peerPort TCP, mostly 179
 * @param holdTime whole seconds, 0 or at least 3 (RFC 4271, 4.2); keepalives come every third of it
 * @param hops TTL of what is sent, 1–255: 1 for a router on the same link
 * @param restartTime of graceful restart (RFC 4724), whole seconds 1–4095; empty: not offered
 * @param password of TCP MD5 (RFC 2385)
 */
public record BgpPeer(
        PeerId id,
        Asn localAsn,
        Asn peerAsn,
        IpAddress routerId,
        IpAddress localAddress,
        IpAddress peerAddress,
        int peerPort,
        Duration holdTime,
        int hops,
        Optional<Duration> restartTime,
        Optional<Password> password,
        SortedSet<BgpFamily> families) {
    public BgpPeer {
        families = Collections.unmodifiableSortedSet(new TreeSet<>(families));
    }

    /** A secret: never printed. */
    public record Password(String text) {
        @Override
        public String toString() {
            return "(hidden)";
        }
    }

    public boolean isExternal() {
        return !localAsn.equals(peerAsn);
    }
}

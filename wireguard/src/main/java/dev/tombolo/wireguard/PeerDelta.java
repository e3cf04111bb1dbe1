package dev.tombolo.wireguard;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.WireGuardKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to change at a peer, and how allowed IPs leave it.
 *
 * <p>Neither the kernel before 6.16 nor wireguard-go can remove a single allowed IP, and {@code replace_allowed_ips}
 * first forgets all of a peer's ranges and then adds them one by one, in the kernel as in user space: meanwhile packets
 * for ranges that stay find no peer. So a range is <em>parked</em>: given to a peer with a random key that nobody has,
 * which moves it in one step under the device's lock, and then that peer is removed. In between and after, packets for
 * the range are dropped, never sent elsewhere.
 */
record PeerDelta(
        WireGuardKey publicKey,
        Set<Prefix> added,
        Set<Prefix> removed,
        Optional<SocketEndpoint> endpoint,
        Optional<Duration> keepalive,
        boolean isNew) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static PeerDelta between(Optional<WireGuardPeer> now, WireGuardPeer wanted) {
        var had = now.map(WireGuardPeer::allowedIps).orElse(Set.of());
        return new PeerDelta(
                wanted.publicKey(),
                minus(wanted.allowedIps(), had),
                minus(had, wanted.allowedIps()),
                wanted.endpoint()
                        .filter(endpoint ->
                                !now.flatMap(WireGuardPeer::endpoint).equals(Optional.of(endpoint))),
                Optional.of(wanted.keepalive())
                        .filter(keepalive -> !now.map(WireGuardPeer::keepalive).equals(Optional.of(keepalive))),
                now.isEmpty());
    }

    /** A peer to park ranges at. */
    static PeerDelta parking(Set<Prefix> ranges) {
        var nobody = new byte[32];
        RANDOM.nextBytes(nobody);
        return new PeerDelta(WireGuardKey.of(nobody), ranges, Set.of(), Optional.empty(), Optional.empty(), true);
    }

    /** Whether the peer itself changes, apart from ranges that leave it. */
    boolean touchesPeer() {
        return isNew || !added.isEmpty() || endpoint.isPresent() || keepalive.isPresent();
    }

    private static Set<Prefix> minus(Set<Prefix> from, Set<Prefix> taken) {
        var rest = new TreeSet<>(from);
        rest.removeAll(taken);
        return rest;
    }
}

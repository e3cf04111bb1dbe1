package dev.tombolo.wireguard;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.WireGuardKey;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The other end of a tunnel.
 *
 * @param endpoint where it is reached; absent for one that will call us
 * @param allowedIps what is sent to it, and the only sources believed of it
 * @param keepalive how often it is sent something while idle, in whole seconds; zero for never
 */
public record WireGuardPeer(
        WireGuardKey publicKey, Optional<SocketEndpoint> endpoint, Set<Prefix> allowedIps, Duration keepalive) {
    public WireGuardPeer {
        Objects.requireNonNull(publicKey);
        Objects.requireNonNull(endpoint);
        if (keepalive.isNegative() || keepalive.toSeconds() > 65_535) {
            throw new IllegalArgumentException("a keepalive is 0 to 65535 seconds, not " + keepalive);
        }
        allowedIps = Collections.unmodifiableSet(new TreeSet<>(allowedIps));
    }

    /** One that is sent nothing while idle. */
    public static WireGuardPeer quiet(
            WireGuardKey publicKey, Optional<SocketEndpoint> endpoint, Set<Prefix> allowedIps) {
        return new WireGuardPeer(publicKey, endpoint, allowedIps, Duration.ZERO);
    }
}

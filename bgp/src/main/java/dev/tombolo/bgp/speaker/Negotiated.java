package dev.tombolo.bgp.speaker;

import dev.tombolo.model.bgp.BgpFamily;
import java.time.Duration;
import java.util.Set;

/**
 * What both sides of a session agreed on.
 *
 * @param v4ByV6 IPv4 prefixes may have IPv6 next hops (RFC 8950)
 */
public record Negotiated(Duration holdTime, Set<BgpFamily> families, boolean v4ByV6) {
    public Negotiated {
        families = Set.copyOf(families);
    }
}

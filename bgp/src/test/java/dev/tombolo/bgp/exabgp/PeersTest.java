package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final PeerId OLD = new PeerId("main", "router");
    private static final PeerId NEW = new PeerId("main", "tor");
    private static final Prefix PREFIX = Prefix.parse("198.51.100.0/24");

    private final Peers peers = new Peers();

    /** Its session goes on under the other name, so nobody waits for what the old one was told. */
    @Test
    void ofARouterWithAnotherNameTheOldOneIsGoneOnceItsRoutesAre() {
        peers.become(List.of(router(OLD)), NOW);
        peers.link(OLD, NOW).rib.put(PREFIX, PathAttributes.to(IpAddress.parse("192.0.2.1")));
        peers.become(List.of(router(NEW)), NOW);
        peers.settle(NOW);
        assertThat(peers.status(NOW)).as("routes of the old name").containsOnlyKeys(OLD, NEW);
        peers.link(OLD, NOW).rib.remove(PREFIX);
        peers.settle(NOW);
        assertThat(peers.status(NOW)).containsOnlyKeys(NEW);
    }

    private static BgpPeer router(PeerId id) {
        return new BgpPeer(
                id,
                new Asn(64_500),
                new Asn(64_501),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse("192.0.2.2"),
                179,
                Duration.ofSeconds(9),
                1,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(Set.of(BgpFamily.IPV4)));
    }
}

package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.List;
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
        peers.become(List.of(DialogueScene.peer(OLD, "192.0.2.2", 64501)), NOW);
        peers.link(OLD, NOW).rib.put(PREFIX, PathAttributes.to(IpAddress.parse("192.0.2.1")));
        peers.become(List.of(DialogueScene.peer(NEW, "192.0.2.2", 64501)), NOW);
        peers.settle(NOW);
        assertThat(peers.status(NOW)).as("routes of the old name").containsOnlyKeys(OLD, NEW);
        peers.link(OLD, NOW).rib.remove(PREFIX);
        peers.settle(NOW);
        assertThat(peers.status(NOW)).containsOnlyKeys(NEW);
    }
}

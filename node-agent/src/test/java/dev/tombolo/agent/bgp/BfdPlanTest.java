package dev.tombolo.agent.bgp;

import static dev.tombolo.agent.bgp.WatchedPeers.NODE;
import static dev.tombolo.agent.bgp.WatchedPeers.id;
import static dev.tombolo.agent.bgp.WatchedPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.model.bgp.BfdTiming;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BfdPlanTest {
    private static final IpAddress TOR1 = IpAddress.parse("192.0.2.1");
    private static final BfdPath TO_TOR1 = BfdPath.direct(TOR1, NODE);
    private static final Optional<BfdTiming> USUAL = Optional.of(BfdTiming.DEFAULT);

    @Test
    void onlyRoutersOfPeersThatAskForItAreWatched() {
        var peers = WatchedPeers.of(peer("tor1", "192.0.2.1", USUAL), peer("tor2", "192.0.2.2", Optional.empty()));
        assertThat(BfdPlan.settings(peers)).isEqualTo(Map.of(TO_TOR1, SessionSettings.DEFAULT));
        assertThat(BfdPlan.peers(peers)).isEqualTo(Map.of(TO_TOR1, new TreeSet<>(Set.of(id("tor1")))));
    }

    @Test
    void aSessionThatMayCrossRoutersIsWatchedAcrossThem() {
        var peers = WatchedPeers.of(peer("far", "192.0.2.1", 179, 64, USUAL));
        var path = new BfdPath(TOR1, NODE, Optional.empty(), Reach.MULTIHOP);
        assertThat(BfdPlan.settings(peers)).isEqualTo(Map.of(path, SessionSettings.DEFAULT));
    }

    @Test
    void ofTwoSessionsWithOneRouterTheOneThatNoticesSoonerCounts() {
        var quick = new BfdTiming(Duration.ofMillis(400), 2);
        var peers = WatchedPeers.of(
                peer("a", "192.0.2.1", 179, 1, USUAL), peer("b", "192.0.2.1", 1179, 1, Optional.of(quick)));
        assertThat(BfdPlan.settings(peers))
                .isEqualTo(Map.of(TO_TOR1, SessionSettings.every(Duration.ofMillis(400), 2)));
        assertThat(BfdPlan.peers(peers)).isEqualTo(Map.of(TO_TOR1, new TreeSet<>(Set.of(id("a"), id("b")))));
    }
}

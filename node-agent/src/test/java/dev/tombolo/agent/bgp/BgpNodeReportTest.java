package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.plan.PeerProblem;
import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Of an instance whose second peer is the same router as its first. */
class BgpNodeReportTest {
    private static final PeerId FIRST = new PeerId("main", "router");
    private static final PeerId SECOND = new PeerId("main", "second");

    @Test
    void aPeerWithoutASessionIsSaidBesideTheOthersAndTakesNothingFromTheirInstance() {
        var said = BgpNodeReport.content(
                        "n1", planned(), routes(), speaker(), Map.of(), Optional.empty(), Instant.EPOCH)
                .status();
        assertThat(said.bgpInstances()).singleElement().satisfies(instance -> {
            assertThat(instance.localASN()).isEqualTo(64_513);
            assertThat(instance.peers())
                    .extracting(peer -> peer.name() + " " + peer.peerASN() + " " + peer.reason())
                    .containsExactly("router 64512 NotEstablished", "second 0 DuplicatePeer");
        });
        assertThat(said.conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.holds()).isTrue();
            assertThat(condition.message()).isEqualTo("main/second: peer main/router is 192.0.2.1 too");
        });
    }

    private static PlannedPeers planned() {
        var session = new BgpPeer(
                FIRST,
                new Asn(64_513),
                new Asn(64_512),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse("192.0.2.1"),
                179,
                Duration.ofSeconds(90),
                1,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(Set.of(BgpFamily.IPV4)));
        var peer = new PlannedPeer(
                session, "rack", Optional.empty(), Map.of(), Map.of(), Optional.empty(), Optional.empty());
        var problem = new PeerProblem(
                PeerProblem.Kind.DUPLICATE_PEER,
                "rack",
                Optional.of(SECOND),
                Optional.empty(),
                "peer main/router is 192.0.2.1 too");
        return new PlannedPeers(Optional.of("rack"), new TreeMap<>(Map.of(FIRST, peer)), List.of(problem));
    }

    private static PlannedRoutes routes() {
        return new PlannedRoutes(new TreeMap<>(), List.of(), Optional.empty());
    }

    private static SpeakerStatus speaker() {
        return new SpeakerStatus(
                ChannelState.READY,
                Instant.EPOCH,
                "",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                new SpeakerStatus.Counters(0, 0, 0, 0, 0, 0, Duration.ZERO));
    }
}

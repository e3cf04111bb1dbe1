package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tombolo.bgp.plan.PeerProblem;
import dev.tombolo.bgp.plan.PeerProblem.Kind;
import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.InMemorySpeaker;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
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
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BgpLegsTest {
    private static final PeerId TOR = new PeerId("main", "tor");
    private static final BgpPeer PEER = new BgpPeer(
            TOR,
            new Asn(64_500),
            new Asn(64_501),
            IpAddress.parse("192.0.2.9"),
            IpAddress.parse("192.0.2.9"),
            IpAddress.parse("192.0.2.1"),
            179,
            Duration.ofSeconds(9),
            1,
            Optional.empty(),
            Optional.empty(),
            new TreeSet<>(List.of(BgpFamily.IPV4)));

    @Test
    void aNodeThatSpeaksHasAChannelAndWhatItsSessionNeeds() {
        var speaker = new InMemorySpeaker();
        speaker.apply(List.of(PEER));
        assertThat(legs(planned(), speaker.status()))
                .containsExactly(
                        "bgp channel  Holds",
                        "bgp tcp main/tor Holds",
                        "bgp asn main/tor Holds",
                        "bgp families main/tor Holds",
                        "bgp hold time main/tor Holds",
                        "bgp routes main/tor Holds");
    }

    @Test
    void aNodeThatNobodyAsksToSpeakHasNone() {
        assertThat(legs(new PlannedPeers(Optional.empty(), new TreeMap<>(), List.of()), silent(ChannelState.ABSENT)))
                .isEmpty();
    }

    @Test
    void whileNobodyCanBeAskedOnlyTheChannelIsBroken() {
        assertThat(legs(planned(), silent(ChannelState.ABSENT))).containsExactly("bgp channel  Broken");
        assertThat(legs(planned(), silent(ChannelState.STALLED))).containsExactly("bgp channel  Broken");
        assertThat(legs(planned(), silent(ChannelState.LEARNING))).containsExactly("bgp channel  Unknown");
    }

    @Test
    void whatKeepsAPeerFromBeingBegunIsALeg() {
        var problems = List.of(
                problem(Kind.MISSING_AUTH_SECRET, "Secret tor is missing"),
                problem(Kind.NO_LOCAL_ADDRESS, "no address towards it"));
        var legs = BgpLegs.of(
                new PlannedPeers(Optional.of("rack0"), new TreeMap<>(), problems),
                silent(ChannelState.READY),
                _ -> Optional.empty());
        assertThat(legs)
                .extracting(Leg::leg, Leg::state, Leg::read)
                .containsExactlyInAnyOrder(
                        tuple("bgp secret", State.Broken, "Secret tor is missing"),
                        tuple("bgp peer", State.Broken, "no address towards it"));
        assertThat(legs).extracting(Leg::fix).allMatch(fix -> fix.contains("kubectl edit ciliumbgppeerconfig p"));
    }

    private static List<String> legs(PlannedPeers peers, SpeakerStatus speaker) {
        return BgpLegs.of(peers, speaker, _ -> Optional.empty()).stream()
                .map(leg -> leg.leg() + " " + leg.of() + " " + leg.state())
                .toList();
    }

    private static PeerProblem problem(Kind kind, String message) {
        return new PeerProblem(kind, "rack0", Optional.of(TOR), Optional.of("p"), message);
    }

    private static PlannedPeers planned() {
        var peers = new TreeMap<PeerId, PlannedPeer>();
        peers.put(
                TOR,
                new PlannedPeer(
                        PEER, "rack0", Optional.of("p"), Map.of(), Map.of(), Optional.empty(), Optional.empty()));
        return new PlannedPeers(Optional.of("rack0"), peers, List.of());
    }

    private static SpeakerStatus silent(ChannelState channel) {
        return new SpeakerStatus(
                channel,
                Instant.EPOCH,
                "no socket",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                new SpeakerStatus.Counters(0, 0, 0, 0, 0, 0, Duration.ZERO));
    }
}

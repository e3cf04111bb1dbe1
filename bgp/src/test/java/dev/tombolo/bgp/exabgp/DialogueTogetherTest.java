package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several routers, of which two are of one system and the third one is of ours. */
class DialogueTogetherTest extends DialogueScene {
    private static final PeerId SECOND = new PeerId("main", "tor2");
    private static final PeerId INTERNAL = new PeerId("main", "tor3");
    private static final String TO_SECOND = SELECTOR.replace("192.0.2.2", "192.0.2.3");
    private static final String BOTH = SELECTOR + ", " + TO_SECOND;
    private static final String TO_INTERNAL =
            SELECTOR.replace("192.0.2.2", "192.0.2.4").replace("64501", "64500");
    private static final Prefix PREFIX = Prefix.parse("198.51.100.0/24");
    private static final String NLRI = " nlri " + PREFIX;
    private static final String ANNOUNCED = " announce attributes next-hop 192.0.2.1" + NLRI;
    private static final String WITHDRAWN = " withdraw attributes next-hop 0.0.0.0" + NLRI;

    @BeforeEach
    void ofThree() {
        peers.become(List.of(peer(), peer(SECOND, "192.0.2.3", 64501), peer(INTERNAL, "192.0.2.4", 64500)), now);
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear(NEIGHBOUR.split("\n"));
        hear(NEIGHBOUR.replace("192.0.2.2", "192.0.2.3").split("\n"));
        hear(NEIGHBOUR
                .replace("192.0.2.2", "192.0.2.4")
                .replace("64501", "64500")
                .split("\n"));
        hear("done", "done");
        pass(Duration.ofSeconds(1));
    }

    @Test
    void tellsOnceWhatSeveralAreToldAlike() {
        allUp();
        putAll(HERE);
        assertThat(say()).containsExactlyInAnyOrder(BOTH + ANNOUNCED, TO_INTERNAL + ANNOUNCED);
        hear("done", "done");
        assertThat(told()).containsExactly(1, 1, 1);
        assertThat(pending()).containsExactly(0, 0, 0);
    }

    @Test
    void tellsNoneWhoseSessionIsDown() {
        up();
        putAll(HERE);
        assertThat(say()).containsExactly(SELECTOR + ANNOUNCED);
        hear("done");
        secondUp();
        assertThat(say()).containsExactly(TO_SECOND + ANNOUNCED);
    }

    @Test
    void tellsApartWhatDiffers() {
        allUp();
        put(TOR, HERE);
        put(SECOND, PathAttributes.to(IpAddress.parse("192.0.2.9")));
        assertThat(say())
                .containsExactlyInAnyOrder(
                        SELECTOR + ANNOUNCED, TO_SECOND + ANNOUNCED.replace("192.0.2.1 ", "192.0.2.9 "));
    }

    /** An IPv4 route by an IPv6 address, which the second one has not agreed to. */
    @Test
    void refusesForOneWhatItTellsAnother() {
        up();
        hear(atSecond(negotiated("\"ipv4 unicast\"", "")), atSecond(state("up")));
        var hop = PathAttributes.to(IpAddress.parse("2001:db8::1"));
        put(TOR, hop);
        put(SECOND, hop);
        assertThat(say()).containsExactly(SELECTOR + ANNOUNCED.replace("192.0.2.1", "2001:db8::1"));
        assertThat(peers.status(now).get(SECOND).refused()).containsOnlyKeys(PREFIX);
    }

    @Test
    void withdrawsOnceForAllThatHaveIt() {
        allUp();
        putAll(HERE);
        say();
        hear("done", "done");
        dialogue.takeEvents();
        peers.links().values().forEach(link -> link.rib.remove(PREFIX));
        assertThat(say()).containsExactly(BOTH + ", " + TO_INTERNAL + WITHDRAWN);
        hear("done");
        assertThat(dialogue.takeEvents())
                .containsExactlyInAnyOrder(
                        new SpeakerEvent.Withdrawn(TOR, List.of(PREFIX)),
                        new SpeakerEvent.Withdrawn(SECOND, List.of(PREFIX)),
                        new SpeakerEvent.Withdrawn(INTERNAL, List.of(PREFIX)));
        assertThat(pending()).containsExactly(0, 0, 0);
    }

    @Test
    void whatIsRefusedIsRefusedForAllItWasSaidFor() {
        allUp();
        put(TOR, HERE);
        put(SECOND, HERE);
        say();
        hear("error");
        assertThat(peers.status(now).get(TOR).refused()).containsOnlyKeys(PREFIX);
        assertThat(peers.status(now).get(SECOND).refused()).containsOnlyKeys(PREFIX);
    }

    private void allUp() {
        up();
        secondUp();
        hear(atInternal(negotiated("\"ipv4 unicast\"", "")), atInternal(state("up")));
    }

    private void secondUp() {
        hear(atSecond(negotiated("\"ipv4 unicast\"", "")), atSecond(state("up")));
    }

    private void putAll(PathAttributes attributes) {
        List.of(TOR, SECOND, INTERNAL).forEach(id -> put(id, attributes));
    }

    private void put(PeerId id, PathAttributes attributes) {
        peers.link(id, now).rib.put(PREFIX, attributes);
    }

    private List<Integer> told() {
        return peers.status(now).values().stream().map(status -> status.told()).toList();
    }

    private List<Integer> pending() {
        return peers.status(now).values().stream()
                .map(status -> status.pending())
                .toList();
    }

    private static String atSecond(String event) {
        return event.replace("192.0.2.2", "192.0.2.3");
    }

    private static String atInternal(String event) {
        return event.replace("192.0.2.2", "192.0.2.4").replace("64501", "64500");
    }
}

package dev.tombolo.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What holds for every speaker, with one peer that has just been applied. */
public abstract class SpeakerContract {
    private static final Prefix ONE = Prefix.parse("198.51.100.0/24");
    private static final Prefix OTHER = Prefix.parse("198.51.101.0/24");

    protected abstract Speaker speaker();

    protected abstract BgpPeer peer();

    @Test
    void tellsWhatIsPutAndThatItIsAllThereIs() throws IOException {
        routes().put(key(ONE), here());
        speaker().allRoutesPut();
        awaitStatus(1, true);
        assertThat(status().wanted()).isEqualTo(1);
        assertThat(speaker().told(peer().id())).isEqualTo(Map.of(ONE, here()));
        assertThat(status().state()).isEqualTo(SessionState.ESTABLISHED);
        assertThat(status().negotiated().orElseThrow().families()).isEqualTo(Set.copyOf(peer().families()));
        assertThat(speaker().status().isReady()).isTrue();
    }

    @Test
    void observesWhatItPromised() throws IOException {
        assertThat(routes().change(Set.of(), Map.of(key(ONE), here(), key(OTHER), here())))
                .isEmpty();
        assertThat(routes().observe()).isEqualTo(Map.of(key(ONE), here(), key(OTHER), here()));
        routes().remove(key(ONE));
        routes().remove(key(ONE));
        assertThat(routes().observe()).isEqualTo(Map.of(key(OTHER), here()));
        speaker().allRoutesPut();
        awaitStatus(1, true);
    }

    @Test
    void refusesPoisonAndTakesBackWhatItReplaces() throws IOException {
        routes().put(key(ONE), here());
        var poison = PathAttributes.to(peer().peerAddress());
        assertThatThrownBy(() -> routes().put(key(ONE), poison))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is the peer itself");
        assertThat(routes().observe()).isEmpty();
        speaker().allRoutesPut();
        awaitStatus(0, true);
    }

    @Test
    void tellsThatASessionWasReset() throws IOException {
        var events = new CopyOnWriteArrayList<SpeakerEvent>();
        speaker().listen(events::add);
        routes().put(key(ONE), here());
        speaker().allRoutesPut();
        awaitStatus(1, true);
        events.clear();
        speaker().reset(peer().id());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> events.stream().anyMatch(SpeakerEvent.SessionDown.class::isInstance)
                        && events.stream().anyMatch(SpeakerEvent.SessionUp.class::isInstance));
        awaitStatus(1, true);
        assertThat(status().flaps()).isEqualTo(1);
    }

    @Test
    void tellsThatARouteIsWithdrawn() throws IOException {
        var events = new CopyOnWriteArrayList<SpeakerEvent>();
        speaker().listen(events::add);
        routes().put(key(ONE), here());
        speaker().allRoutesPut();
        awaitStatus(1, true);
        routes().remove(key(ONE));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> events.contains(new SpeakerEvent.Withdrawn(peer().id(), List.of(ONE))));
        assertThat(speaker().told(peer().id())).isEmpty();
    }

    @Test
    void knowsOnlyPeersThatAreWanted() {
        speaker().apply(List.of());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !speaker().status().peers().containsKey(peer().id()));
    }

    private void awaitStatus(int told, boolean endOfRib) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            var status = status();
            return status.told() == told && status.pending() == 0 && status.endOfRib() == endOfRib;
        });
    }

    private PeerStatus status() {
        return speaker().status().peers().get(peer().id());
    }

    private Target<RouteKey, PathAttributes> routes() {
        return speaker().routes();
    }

    private RouteKey key(Prefix prefix) {
        return new RouteKey(peer().id(), prefix);
    }

    private PathAttributes here() {
        return PathAttributes.to(peer().localAddress());
    }
}

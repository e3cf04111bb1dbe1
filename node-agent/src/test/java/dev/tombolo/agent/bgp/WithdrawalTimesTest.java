package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Time is counted in nanoseconds from a beginning; changes outside are seen at 1000. */
class WithdrawalTimesTest {
    private static final PeerId TOR = new PeerId("main", "tor");
    private static final Prefix ONE = Prefix.parse("198.51.100.1/32");
    private static final Prefix OTHER = Prefix.parse("198.51.100.2/32");
    private static final PathAttributes HERE = PathAttributes.to(IpAddress.parse("192.0.2.9"));

    private final Table<RouteKey, PathAttributes> routes = new Table<>("routes");
    private final List<String> told = new ArrayList<>();
    private long now;
    private final WithdrawalTimes times = new WithdrawalTimes(routes, taker(), () -> now);

    private BgpTimes taker() {
        return new BgpTimes() {
            @Override
            public void withdrawn(PeerId peer, Duration time) {
                told.add(peer + " " + time.toNanos());
            }

            @Override
            public void detected(PeerId peer, Duration time) {
                throw new AssertionError(peer);
            }
        };
    }

    @Test
    void countsFromWhatWasSeenToTheAcknowledgement() {
        routes.apply(Map.of(key(ONE), HERE, key(OTHER), HERE), Set.of(), 0);
        leave(ONE);
        acknowledge(1_500, ONE);
        assertThat(told).containsExactly("main/tor 500");
        acknowledge(1_600, ONE, OTHER);
        assertThat(told).as("once, and only what left").hasSize(1);
    }

    @Test
    void aRouteThatComesBackHasNotLeft() {
        routes.apply(Map.of(key(ONE), HERE), Set.of(), 0);
        leave(ONE);
        routes.apply(Map.of(key(ONE), HERE), Set.of(), 1_100);
        acknowledge(1_500, ONE);
        assertThat(told).isEmpty();
    }

    @Test
    void whatWasWithdrawnForAnotherReasonIsNotCounted() {
        routes.apply(Map.of(key(ONE), HERE), Set.of(), 0);
        acknowledge(1_500, ONE);
        times.hear(new SpeakerEvent.SessionDown(TOR, "reset"));
        assertThat(told).isEmpty();
    }

    private void leave(Prefix prefix) {
        routes.apply(Map.of(), Set.of(key(prefix)), 1_000);
    }

    private void acknowledge(long at, Prefix... prefixes) {
        now = at;
        times.hear(new SpeakerEvent.Withdrawn(TOR, List.of(prefixes)));
    }

    private static RouteKey key(Prefix prefix) {
        return new RouteKey(TOR, prefix);
    }
}

package dev.tombolo.kvstore.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreFollowerTest {
    private static final String PREFIX = "cilium/state/nodes/v1/west/";
    private static final String CANARY = "cilium/synced/west/cilium/state/nodes/v1";

    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final Known known = new Known();
    private final List<SourceState> states = Collections.synchronizedList(new ArrayList<>());
    private StoreFollower follower;

    private void follow(Duration overdue) {
        follower = new StoreFollower(
                        "west",
                        () -> store,
                        List.of(new FollowedPrefix(PREFIX, Optional.of(CANARY), known)),
                        new FollowPace(overdue, Duration.ofMillis(5), Duration.ofMillis(20)),
                        Clock.systemUTC(),
                        states::add)
                .start();
    }

    @AfterEach
    void stop() {
        follower.close();
    }

    private void put(String key, String value) throws Exception {
        store.commit(List.of(Write.put(key, Value.of(value))));
    }

    private void beat() throws Exception {
        put(MeshKeys.HEARTBEAT, "now");
    }

    @Test
    void listsNothingBeforeHeartbeatAndCanary() throws Exception {
        put(PREFIX + "n1", "1");
        follow(Duration.ofHours(1));
        await().until(() -> follower.state().equals(new SourceState.Connecting("its heartbeat cilium/.heartbeat")));
        beat();
        await().until(() -> follower.state().equals(new SourceState.Connecting("its canaries cilium/synced/")));
        assertThat(known.listings).hasValue(0);
        put(CANARY, "now");
        await().until(() -> known.is(Map.of("n1", "1")));
        assertThat(follower.state()).isEqualTo(new SourceState.Fresh());
    }

    @Test
    void deliversPutsAndDeletesInOrder() throws Exception {
        beat();
        put(CANARY, "now");
        follow(Duration.ofHours(1));
        put(PREFIX + "n1", "1");
        put(PREFIX + "n2", "2");
        store.commit(List.of(Write.delete(PREFIX + "n1")));
        await().until(() -> known.is(Map.of("n2", "2")));
    }

    @Test
    void keepsWhatItKnowsWhileTheConnectionIsLost() throws Exception {
        beat();
        put(CANARY, "now");
        put(PREFIX + "n1", "1");
        follow(Duration.ofHours(1));
        await().until(() -> known.is(Map.of("n1", "1")));
        store.cut();
        await().until(() -> follower.state() instanceof SourceState.Stale);
        assertThat(known.rows()).isEqualTo(Map.of("n1", "1"));
        store.heal();
        put(PREFIX + "n2", "2");
        await().until(() -> known.is(Map.of("n1", "1", "n2", "2")));
        await().until(() -> follower.state().equals(new SourceState.Fresh()));
    }

    @Test
    void doesNotBelieveDeletesAfterTheHeartbeatIsGone() throws Exception {
        long lease = store.grantLease(Duration.ofSeconds(15));
        store.commit(List.of(
                Write.put(MeshKeys.HEARTBEAT, Value.of("now"), lease),
                Write.put(CANARY, Value.of("now"), lease),
                Write.put(PREFIX + "n1", Value.of("1"), lease),
                Write.put(PREFIX + "n2", Value.of("2"), lease)));
        follow(Duration.ofHours(1));
        await().until(() -> known.is(Map.of("n1", "1", "n2", "2")));
        store.revokeLease(lease);
        await().until(() -> follower.state() instanceof SourceState.Stale);
        assertThat(known.rows()).isEqualTo(Map.of("n1", "1", "n2", "2"));

        // The writer comes back and one of the two is really gone: known only after heartbeat, canary and a listing.
        put(PREFIX + "n2", "2");
        beat();
        await().until(() -> follower.state() instanceof SourceState.Stale);
        put(CANARY, "now");
        await().until(() -> known.is(Map.of("n2", "2")));
        await().until(() -> follower.state().equals(new SourceState.Fresh()));
    }

    @Test
    void isStaleWhenTheHeartbeatIsOverdue() throws Exception {
        beat();
        put(CANARY, "now");
        put(PREFIX + "n1", "1");
        follow(Duration.ofMillis(100));
        await().until(() -> known.is(Map.of("n1", "1")));
        await().until(() -> follower.state() instanceof SourceState.Stale);
        store.commit(List.of(Write.delete(PREFIX + "n1")));
        put(PREFIX + "n3", "3");
        await().until(() -> known.is(Map.of("n1", "1", "n3", "3")));
        beat();
        await().until(() -> known.is(Map.of("n3", "3")));
    }

    @Test
    void connectsAgainWhenItIsToldToWithoutBeingStaleMeanwhile() throws Exception {
        beat();
        put(CANARY, "now");
        put(PREFIX + "n1", "1");
        follow(Duration.ofHours(1));
        await().until(() -> known.is(Map.of("n1", "1")));
        follower.reconnect();
        await().until(() -> known.listings.get() == 2);
        put(PREFIX + "n2", "2");
        await().until(() -> known.is(Map.of("n1", "1", "n2", "2")));
        assertThat(states).doesNotHaveAnyElementsOfTypes(SourceState.Stale.class);
    }

    @Test
    void isNotShownAsFreshWhenItsSinkIsBroken() throws Exception {
        beat();
        put(CANARY, "now");
        follow(Duration.ofHours(1));
        await().until(() -> follower.state().equals(new SourceState.Fresh()));
        put(PREFIX + "broken", "1");
        // The follower's thread ends with the sink's exception on purpose; the state is what is asserted.
        await().dontCatchUncaughtExceptions()
                .until(() -> follower.state() instanceof SourceState.Stale stale
                        && stale.cause().contains("its follower stopped: java.lang.IllegalStateException: broken"));
    }

    @Test
    void listsAgainAfterCompaction() throws Exception {
        beat();
        put(CANARY, "now");
        follow(Duration.ofHours(1));
        await().until(() -> follower.state().equals(new SourceState.Fresh()));
        store.cut();
        store.heal();
        put(PREFIX + "n1", "1");
        store.compact();
        await().until(() -> known.is(Map.of("n1", "1")));
    }

    /** What was delivered, by the key's last part. */
    private static final class Known implements FollowerSink {
        private final Map<String, String> rows = new TreeMap<>();
        final AtomicInteger listings = new AtomicInteger();

        @Override
        public synchronized void listed(Map<String, Value> all) {
            listings.incrementAndGet();
            rows.clear();
            all.forEach(this::put);
        }

        @Override
        public synchronized void put(String key, Value value) {
            if (key.endsWith("/broken")) {
                throw new IllegalStateException("broken");
            }
            rows.put(key.substring(PREFIX.length()), value.text());
        }

        @Override
        public synchronized void deleted(String key) {
            rows.remove(key.substring(PREFIX.length()));
        }

        synchronized Map<String, String> rows() {
            return Map.copyOf(rows);
        }

        boolean is(Map<String, String> expected) {
            return rows().equals(expected);
        }
    }
}

package dev.tombolo.kvstore.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.testkit.etcd.EtcdProcess;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeasedPrefixTargetTest {
    private static final String PREFIX = "cilium/state/nodes/v1/west/";
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(60);

    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final LeasedPrefixTarget target = new LeasedPrefixTarget(store, PREFIX, TIME_TO_LIVE);

    @Test
    void ownKeysAreSeenAsTheyAre() throws Exception {
        target.put(PREFIX + "n1", Value.of("1"));

        assertThat(target.observe()).isEqualTo(Map.of(PREFIX + "n1", Value.of("1")));
    }

    @Test
    void keysOfAnEarlierProcessNeverLookRight() throws Exception {
        store.commit(List.of(Write.put(PREFIX + "n1", Value.of("1"))));

        assertThat(target.observe().get(PREFIX + "n1")).isNotEqualTo(Value.of("1"));
    }

    @Test
    void keysOutliveTheirLeaseOnlyWhileItIsKeptAlive() throws Exception {
        target.put(PREFIX + "n1", Value.of("1"));
        clock.advance(Duration.ofSeconds(50));
        assertThat(target.keepAlive()).isTrue();
        clock.advance(Duration.ofSeconds(50));
        store.expireLeases();
        assertThat(store.list(PREFIX).values()).hasSize(1);

        clock.advance(Duration.ofSeconds(50));
        store.expireLeases();
        assertThat(store.list(PREFIX).values()).isEmpty();
    }

    @Test
    void aLostLeaseIsReportedAndItsKeysCanBePutAgain() throws Exception {
        target.put(PREFIX + "n1", Value.of("1"));
        clock.advance(Duration.ofMinutes(2));
        store.expireLeases();

        assertThat(target.keepAlive()).isFalse();
        target.put(PREFIX + "n1", Value.of("1"));

        assertThat(target.observe()).isEqualTo(Map.of(PREFIX + "n1", Value.of("1")));
        assertThat(target.keepAlive()).isTrue();
    }

    @Test
    void aPutOnALostLeaseFailsOnceAndThenWorks() throws Exception {
        target.put(PREFIX + "n1", Value.of("1"));
        clock.advance(Duration.ofMinutes(2));
        store.expireLeases();

        assertThatThrownBy(() -> target.put(PREFIX + "n1", Value.of("2"))).isInstanceOf(KvException.class);
        target.put(PREFIX + "n1", Value.of("2"));

        assertThat(target.observe()).isEqualTo(Map.of(PREFIX + "n1", Value.of("2")));
        // The loss is still reported: other keys went with the lease.
        assertThat(target.keepAlive()).isFalse();
        assertThat(target.keepAlive()).isTrue();
    }

    @Test
    void newKeysAreNotPutOnALeaseThatIsKnownToBeLost() throws Exception {
        target.put(PREFIX + "n1", Value.of("1"));
        clock.advance(Duration.ofMinutes(2));
        store.expireLeases();
        assertThatThrownBy(() -> target.put(PREFIX + "n2", Value.of("2"))).isInstanceOf(KvException.class);

        assertThat(target.putAll(Map.of(PREFIX + "n2", Value.of("2"), PREFIX + "n3", Value.of("3"))))
                .isEmpty();
    }

    @Test
    void thousandsOfKeysGoIntoARealEtcdAndOut() throws Exception {
        try (var etcd = EtcdProcess.plain();
                var real = EtcdStore.open(EtcdAddress.plain(etcd.endpoint()))) {
            var rows = new TreeMap<String, Value>();
            for (int i = 0; i < 2_500; i++) {
                rows.put(PREFIX + "n" + i, Value.of("value " + i));
            }
            var many = new LeasedPrefixTarget(real, PREFIX, TIME_TO_LIVE);
            assertThat(many.putAll(rows)).isEmpty();
            assertThat(many.observe()).isEqualTo(rows);
            assertThat(many.keepAlive()).isTrue();
            assertThat(many.removeAll(Set.copyOf(rows.keySet()))).isEmpty();
            assertThat(many.observe()).isEmpty();
        }
    }

    @Test
    void aLeaseHoldsAThousandKeysAtMost() throws Exception {
        var pool = new LeasePool(store, TIME_TO_LIVE);
        for (int i = 0; i < 2_500; i++) {
            pool.leaseFor("k" + i);
        }
        assertThat(pool.leases()).hasSize(3);
    }

    /** A clock that stands still until it is moved. */
    private static final class TestClock extends Clock {
        private java.time.Instant now = java.time.Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public java.time.Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}

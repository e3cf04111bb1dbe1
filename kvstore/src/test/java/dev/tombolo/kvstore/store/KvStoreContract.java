package dev.tombolo.kvstore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store does; etcd and its twin both have to pass. */
abstract class KvStoreContract {
    abstract KvStore store();

    /** A prefix that no other test uses. */
    abstract String prefix();

    private String key(Object leaf) {
        return prefix() + leaf;
    }

    @Test
    void keepsWhatIsCommitted() throws Exception {
        store().commit(List.of(Write.put(key("a"), Value.of("1")), Write.put(key("b"), Value.of("2"))));
        store().commit(List.of(Write.put(key("a"), Value.of("3")), Write.delete(key("b")), Write.delete(key("c"))));
        assertThat(store().get(key("a"))).isEqualTo(Optional.of(Value.of("3")));
        assertThat(store().list(prefix()).values()).isEqualTo(Map.of(key("a"), Value.of("3")));
    }

    @Test
    void listsManyPagesAtOneRevision() throws Exception {
        var batches = new ArrayList<List<Write>>();
        var expected = new HashMap<String, Value>();
        for (int batch = 0; batch < 50; batch++) {
            int first = batch * 100;
            var writes = IntStream.range(first, first + 100)
                    .mapToObj(i -> Write.put(key(i), Value.of("v" + i)))
                    .toList();
            batches.add(writes);
            IntStream.range(first, first + 100).forEach(i -> expected.put(key(i), Value.of("v" + i)));
        }
        assertThat(store().commitAll(batches)).isEmpty();
        assertThat(store().list(prefix()).values()).isEqualTo(expected);
        store().deletePrefix(prefix());
        assertThat(store().list(prefix()).values()).isEmpty();
    }

    @Test
    void createsOnlyOnce() throws Exception {
        assertThat(store().create(key("once"), Value.of("first"))).isTrue();
        assertThat(store().create(key("once"), Value.of("second"))).isFalse();
        assertThat(store().get(key("once"))).isEqualTo(Optional.of(Value.of("first")));
    }

    @Test
    void commitsOnlyWhereEveryConditionHolds() throws Exception {
        store().commit(List.of(Write.put(key("owner"), Value.of("1")), Write.put(key("vote"), Value.of("no"))));
        var read = store().getRevised(key("owner")).orElseThrow();
        assertThat(read.value()).isEqualTo(Value.of("1"));
        var unchanged = new Condition.Unchanged(key("owner"), read.revision());
        var put = List.of(Write.put(key("owner"), Value.of("2")), Write.put(key("beside"), Value.of("x")));

        assertThat(store().commitIf(
                                List.<Condition>of(unchanged, new Condition.Has(key("vote"), Value.of("yes"))), put))
                .isFalse();
        assertThat(store().commitIf(
                                List.<Condition>of(unchanged, new Condition.Has(key("missing"), Value.of("no"))), put))
                .isFalse();
        assertThat(store().commitIf(List.<Condition>of(unchanged, new Condition.Absent(key("vote"))), put))
                .isFalse();
        assertThat(store().list(prefix()).values()).hasSize(2).containsEntry(key("owner"), Value.of("1"));

        var all = List.<Condition>of(
                unchanged, new Condition.Has(key("vote"), Value.of("no")), new Condition.Absent(key("missing")));
        assertThat(store().commitIf(all, put)).isTrue();
        assertThat(store().commitIf(all, put)).as("it has changed by that").isFalse();
        assertThat(store().list(prefix()).values())
                .hasSize(3)
                .containsEntry(key("owner"), Value.of("2"))
                .containsEntry(key("beside"), Value.of("x"));
    }

    /** A value that was put again is another one, though it looks the same. */
    @Test
    void aKeyThatWasPutAgainHasChanged() throws Exception {
        store().commit(List.of(Write.put(key("owner"), Value.of("1"))));
        var read = store().getRevised(key("owner")).orElseThrow();
        store().commit(List.of(Write.put(key("owner"), Value.of("1"))));
        assertThat(store().commitIf(
                                List.of(new Condition.Unchanged(key("owner"), read.revision())),
                                List.of(Write.delete(key("owner")))))
                .isFalse();
        assertThat(store().getRevised(key("none"))).isEmpty();
    }

    @Test
    void watchesFromARevisionWithoutMissingAnything() throws Exception {
        store().commit(List.of(Write.put(key("a"), Value.of("0"))));
        long listed = store().list(prefix()).revision();
        store().commit(List.of(Write.put(key("a"), Value.of("1"))));
        var seen = new Recorder();
        try (var _ = store().watch(prefix(), listed + 1, seen)) {
            store().commit(List.of(Write.delete(key("a")), Write.put(key("b"), Value.of("2"))));
            store().commit(List.of(Write.put("elsewhere/" + key("x"), Value.of("no"))));
            await().untilAsserted(() -> assertThat(seen.events)
                    .containsExactly(
                            new WatchEvent.Put(key("a"), Value.of("1")),
                            new WatchEvent.Delete(key("a")),
                            new WatchEvent.Put(key("b"), Value.of("2"))));
        }
    }

    @Test
    void keysVanishWithTheirLease() throws Exception {
        long lease = store().grantLease(Duration.ofSeconds(60));
        store().commit(List.of(Write.put(key("leased"), Value.of("1"), lease), Write.put(key("free"), Value.of("2"))));
        store().keepAlive(lease);
        store().revokeLease(lease);
        assertThat(store().list(prefix()).values().keySet()).containsExactly(key("free"));
        assertThatThrownBy(() -> store().keepAlive(lease))
                .isInstanceOfSatisfying(
                        KvException.class, lost -> assertThat(lost.kind()).isEqualTo(KvException.Kind.LEASE_LOST));
        assertThatThrownBy(() -> store().commit(List.of(Write.put(key("late"), Value.of("3"), lease))))
                .isInstanceOfSatisfying(
                        KvException.class, lost -> assertThat(lost.kind()).isEqualTo(KvException.Kind.LEASE_LOST));
    }

    /** Remembers what a watch delivered. */
    static final class Recorder implements WatchListener {
        final List<WatchEvent> events = Collections.synchronizedList(new ArrayList<>());
        final List<KvException> endings = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void changed(List<WatchEvent> changes) {
            events.addAll(changes);
        }

        @Override
        public void ended(KvException cause) {
            endings.add(cause);
        }
    }
}

package dev.tombolo.kvstore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.testkit.etcd.EtcdProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdStoreTest extends KvStoreContract {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static EtcdProcess etcd;

    private final String prefix = "test" + NUMBER.incrementAndGet() + "/";
    private EtcdStore store;

    @BeforeAll
    static void startEtcd() {
        etcd = EtcdProcess.plain();
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    @BeforeEach
    void open() throws KvException {
        store = EtcdStore.open(EtcdAddress.plain(etcd.endpoint()));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Override
    KvStore store() {
        return store;
    }

    @Override
    String prefix() {
        return prefix;
    }

    /** The address of the same etcd as IPv6 writes it. */
    @Test
    void endpointsMayBeOfIpv6() throws Exception {
        var endpoint = etcd.endpoint().replace("127.0.0.1", "[::ffff:127.0.0.1]");
        try (var there = EtcdStore.open(EtcdAddress.plain(endpoint))) {
            store.commit(List.of(Write.put(prefix + "a", Value.of("1"))));
            assertThat(there.get(prefix + "a"))
                    .isEqualTo(store.get(prefix + "a"))
                    .isPresent();
        }
    }

    @Test
    void refusesToGoOnWhenAnotherEtcdAnswers() throws Exception {
        try (var other = EtcdProcess.plain();
                var pinned = EtcdStore.open(EtcdAddress.plain(other.endpoint()))) {
            pinned.get("a");
            assertThat(pinned.clusterId()).isNotZero().isNotEqualTo(0L);
            store.get("a");
            assertThat(store.clusterId()).isNotEqualTo(pinned.clusterId());
        }
    }

    @Test
    void anEtcdThatIsAwayIsUnreachableAndEndsTheWatch() throws Exception {
        var own = EtcdProcess.plain();
        try (own;
                var lonely = EtcdStore.open(EtcdAddress.plain(own.endpoint()))) {
            long revision = lonely.list("x/").revision();
            var seen = new Recorder();
            lonely.watch("x/", revision + 1, seen);
            own.kill();
            await().atMost(Duration.ofSeconds(20)).until(() -> !seen.endings.isEmpty());
            assertThatThrownBy(() -> lonely.commit(List.of(Write.put("x/1", Value.of("1")))))
                    .isInstanceOfSatisfying(
                            KvException.class, away -> assertThat(away.kind()).isEqualTo(KvException.Kind.UNREACHABLE));
        }
    }

    /** Its cluster id follows from its flags: only the revision tells that everything is gone. */
    @Test
    void anEtcdThatWasEmptiedIsAnotherOneAndIsNotWrittenToAnyMore() throws Exception {
        var own = EtcdProcess.plain();
        try (own;
                var before = EtcdStore.open(EtcdAddress.plain(own.endpoint()));
                var after = EtcdStore.open(EtcdAddress.plain(own.endpoint()))) {
            for (int i = 0; i < 10; i++) {
                before.commit(List.of(Write.put("x/" + i, Value.of("1"))));
            }
            own.kill();
            own.wipe();
            own.start();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> after.list("x/").values().isEmpty());
            await().atMost(Duration.ofSeconds(20)).until(() -> failsWith(KvException.Kind.CLUSTER_CHANGED, before));
            assertThat(after.clusterId()).isEqualTo(before.clusterId());
            for (int i = 0; i < 20; i++) {
                after.commit(List.of(Write.put("y/" + i, Value.of("1"))));
            }
            assertThat(failsWith(KvException.Kind.CLUSTER_CHANGED, before)).isTrue();
            assertThat(before.commitAll(List.of(List.of(Write.put("x/1", Value.of("1"))))))
                    .hasSize(1);
            assertThat(after.list("x/").values()).isEmpty();
        }
    }

    private static boolean failsWith(KvException.Kind kind, EtcdStore store) {
        try {
            store.get("x/1");
            return false;
        } catch (KvException failure) {
            return failure.kind() == kind;
        }
    }

    @Test
    void anEtcdThatWasKilledAndKeptItsDataIsTheSame() throws Exception {
        var own = EtcdProcess.plain();
        try (own;
                var lasting = EtcdStore.open(EtcdAddress.plain(own.endpoint()))) {
            lasting.commit(List.of(Write.put("x/1", Value.of("1"))));
            own.kill();
            own.start();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> lasting.get("x/1").equals(java.util.Optional.of(Value.of("1"))));
            lasting.commit(List.of(Write.put("x/2", Value.of("2"))));
        }
    }

    /** Two thousand keys a page are too many when each is as large as etcd takes it. */
    @Test
    void largeValuesDoNotMakeAPrefixUnreadable() throws Exception {
        var large = "x".repeat(1_400_000);
        for (int i = 0; i < 60; i++) {
            store.commit(List.of(Write.put(prefix + "large" + i, Value.of(large))));
        }
        store.commit(List.of(Write.put(prefix + "small", Value.of("1"))));
        assertThat(store.list(prefix).values()).hasSize(61).containsEntry(prefix + "small", Value.of("1"));
        store.deletePrefix(prefix);
    }

    @Test
    void aListingThatDoesNotFitIntoMemoryIsRefused() throws Exception {
        var large = "x".repeat(1_400_000);
        for (int i = 0; i < 195; i++) {
            store.commit(List.of(Write.put(prefix + "large" + i, Value.of(large))));
        }
        assertThatThrownBy(() -> store.list(prefix)).hasMessageContaining("there are more than 268435456 bytes");
        store.deletePrefix(prefix);
    }

    @Test
    void saysWhatExactlyIsWrongWithTheWay() {
        assertThat(detail("http://no-such-host.invalid:2379")).isEqualTo(KvException.Detail.NAME_NOT_FOUND);
        assertThat(detail("http://127.0.0.1:1")).isEqualTo(KvException.Detail.CONNECTION_REFUSED);
    }

    private static KvException.Detail detail(String endpoint) {
        try (var nowhere = EtcdStore.open(EtcdAddress.plain(endpoint))) {
            nowhere.get("a");
            return KvException.Detail.NONE;
        } catch (KvException failure) {
            return failure.detail();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "https://",
                "http://[::1",
                "ftp://127.0.0.1:1",
                "http://127.0.0.1:99999",
                "%",
                "http:// x:1"
            })
    void endpointsThatAreNoneFailAsEverythingElseOfTheWorld(String endpoint) {
        assertThatThrownBy(() -> {
                    try (var nowhere = EtcdStore.open(EtcdAddress.plain(endpoint))) {
                        nowhere.get("a");
                    }
                })
                .isInstanceOf(KvException.class);
    }
}

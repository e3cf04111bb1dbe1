package dev.tombolo.apiserver.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.etcd.MeshEtcd;
import dev.tombolo.apiserver.mirror.PeerSources;
import dev.tombolo.apiserver.peer.MeshAuthority;
import dev.tombolo.certs.CertificateFacts;
import dev.tombolo.certs.CertificateRequest;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that live for seconds, on a real etcd under mutual TLS. */
class RenewalTest {
    private static final ClusterName PEER = new ClusterName("cluster2");
    private static final Duration VALIDITY = Duration.ofSeconds(12);
    private static final int MOST_REQUESTS = 100_000;
    private static final String KEY = "cilium/state/nodes/v1/cluster1/n";

    @TempDir
    Path directory;

    private final CertificateRequest request = CertificateRequest.create(PEER);
    private final AtomicReference<MeshCertificates.Material> material = new AtomicReference<>();
    private final AtomicReference<String> issued = new AtomicReference<>();
    private MeshEtcd etcd;
    private EtcdStore admin;
    private MeshAuthority authority;

    @BeforeEach
    void start() throws Exception {
        etcd = new MeshEtcd(directory, VALIDITY).prepareAndStart();
        material.set(etcd.certificates().ensure());
        admin = EtcdStore.open(etcd.own(material::get));
        var users = new MeshUsers(new EtcdUsers(admin), Rows.CLUSTER1.name());
        authority = new MeshAuthority(() -> material.get().authority(), users, admin, () -> {}, Clock.systemUTC());
        authority.admit(PEER);
        renew();
        admin.commit(List.of(Write.put(KEY, Value.of("0"))));
    }

    @AfterEach
    void stop() {
        admin.close();
        etcd.close();
    }

    /** What the process does every ten minutes; certificates that live so shortly are due each time. */
    private void renew() throws IOException {
        material.set(etcd.certificates().ensure());
        issued.set(authority
                .issue(PEER, request.pem(), Optional.ofNullable(issued.get()))
                .pem());
    }

    private TlsMaterial peer() {
        return new TlsMaterial(
                material.get().authority().certificatePem(),
                issued.get(),
                request.privateKey().pem());
    }

    @Test
    void noRequestFailsWhileEveryCertificateIsRenewed() throws Exception {
        var firstEnds = CertificateFacts.read("server", material.get().admin().certificatePem())
                .notAfter();
        var loads = List.of(new Load(this::write), new Load(this::readAnew), new Load(this::writeAnew));
        int renewals = 0;
        while (Instant.now().isBefore(firstEnds.plusSeconds(4))) {
            renew();
            renewals++;
            for (Load load : loads) {
                load.awaitRequestsBegunFromNowOn();
            }
        }
        for (Load load : loads) {
            load.end();
            assertThat(load.failures).isEmpty();
            assertThat(load.requests).hasValueGreaterThan(renewals);
        }
        assertThat(renewals).isGreaterThan(10);
    }

    private void write() throws IOException {
        admin.commit(List.of(Write.put(KEY, Value.of(Instant.now().toString()))));
    }

    private void readAnew() throws IOException {
        try (var reader = etcd.other(peer())) {
            assertThat(reader.get(KEY)).isPresent();
            assertThat(reader.list("cilium/state/").values()).isNotEmpty();
        }
    }

    private void writeAnew() throws IOException {
        try (var writer = EtcdStore.open(etcd.own(material::get))) {
            writer.commit(List.of(Write.put(KEY + "2", Value.of(Instant.now().toString()))));
        }
    }

    private interface Requests {
        void make() throws IOException;
    }

    /** Requests one after the other until it is told to end. */
    private static final class Load {
        final AtomicInteger requests = new AtomicInteger();
        final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean done = new AtomicBoolean();
        private final Thread thread;

        Load(Requests each) {
            thread = Thread.ofVirtual().start(() -> run(each));
        }

        private void run(Requests each) {
            while (!done.get() && requests.get() < MOST_REQUESTS) {
                try {
                    each.make();
                } catch (IOException | RuntimeException | AssertionError failure) {
                    failures.add(Instant.now() + " " + failure);
                }
                requests.incrementAndGet();
            }
        }

        /** The one under way may use what was before; the next is made with what is now. */
        void awaitRequestsBegunFromNowOn() {
            int before = requests.get();
            await().pollInterval(Duration.ofMillis(10)).until(() -> requests.get() >= before + 2);
        }

        void end() throws InterruptedException {
            done.set(true);
            thread.join();
        }
    }

    private MeshPeerObject declared() {
        var spec = new MeshPeerObject.Spec(
                1,
                List.of("https://" + MeshEtcd.OTHERS + ":" + etcd.port()),
                material.get().authority().certificatePem(),
                "",
                issued.get(),
                List.of("10.1.0.0/16"),
                List.of(),
                "",
                255,
                Optional.empty());
        return new MeshPeerObject("cluster1", "uid", 1, false, Map.of(), spec, null);
    }

    /** From the other side: cluster2 reads cluster1, which signs anew in time. */
    @Test
    void aRenewedPeerCertificateIsFetchedKeptAndUsedWithoutARestart() throws Exception {
        var secrets = new MeshEtcd.MapSecrets(new HashMap<>());
        var sources = new PeerSources(PEER, request, secrets, Clock.systemUTC());
        var peer = declared();
        String first = peer.spec().clientCertificate();
        try (var store = sources.source(peer).orElseThrow().open()) {
            assertThat(store.get(KEY)).isPresent();
            sources.connected("cluster1", store);
            assertThat(sources.needsReconnection(peer)).isFalse();

            renew();
            sources.fetchRenewed();

            assertThat(secrets.data()).containsOnlyKeys("clustermesh-apiserver-remote-cert-cluster1");
            assertThat(sources.needsReconnection(peer))
                    .as("while the one in use is good")
                    .isFalse();
            await().atMost(VALIDITY.plusSeconds(20)).until(() -> {
                renew();
                sources.fetchRenewed();
                return sources.needsReconnection(peer);
            });
        }
        assertThat(Instant.now()).isAfter(CertificateFacts.read("first", first).notAfter());
        var restarted = new PeerSources(PEER, request, secrets, Clock.systemUTC());
        for (var process : List.of(sources, restarted)) {
            try (var store = process.source(peer).orElseThrow().open()) {
                assertThat(store.get(KEY)).isPresent();
                assertThat(process.needsReconnection(peer)).isFalse();
            }
        }
    }

    @Test
    void anExpiredCertificateOfOursIsNamed() throws Exception {
        var sources = new PeerSources(
                PEER, request, new MeshEtcd.MapSecrets(new HashMap<>()), Clock.offset(Clock.systemUTC(), VALIDITY));
        var failures = new ArrayList<String>();
        try {
            sources.source(declared()).orElseThrow().open();
        } catch (dev.tombolo.kvstore.store.KvException expired) {
            failures.add(expired.detail() + ": " + expired.getMessage());
        }
        assertThat(failures)
                .singleElement()
                .asString()
                .startsWith("CERTIFICATE_EXPIRED: our client certificate for cluster1 has expired");
    }
}

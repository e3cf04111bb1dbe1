package dev.tombolo.apiserver.peer;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.apiserver.mirror.LocalMirrors;
import dev.tombolo.apiserver.mirror.PeerOffers;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.certs.CertificateFacts;
import dev.tombolo.certs.CertificateRequest;
import dev.tombolo.certs.PeerSigning;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.ClusterConfigCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Cluster1's peers, with every outside thing a twin in memory: its etcd, those of the peers, and Kubernetes. */
final class PeersOnTwins implements AutoCloseable {
    static final List<Prefix> OURS = List.of(
            Prefix.parse("10.1.0.0/16"),
            Prefix.parse("172.30.1.11/32"),
            Prefix.parse("10.96.0.0/16"),
            Rows.CLUSTER1.tunnelRange());
    private static final Duration LEASE = Duration.ofMinutes(15);

    final MemoryStore local = new MemoryStore(Clock.systemUTC());
    final Map<String, MemoryStore> remotes = new ConcurrentHashMap<>();
    final Table<String, MeshPeerObject> objects = new Table<>("mesh peers");
    final Authority authority = new Authority();
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Boolean> pathsAnswer = new ConcurrentHashMap<>();
    private final Announcements announcements = new Announcements(local, LEASE, Clock.systemUTC());
    private PeerController controller = controller();

    /** Certificates are real; users are a set. */
    static final class Authority implements PeerAuthority {
        final CertificateAuthority real = CertificateAuthority.create(Rows.CLUSTER1.name(), Clock.systemUTC());
        final Set<ClusterName> admitted = new TreeSet<>();
        Optional<IOException> failure = Optional.empty();

        @Override
        public Issued issue(ClusterName peer, String requestPem, Optional<String> current) throws IOException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            if (current.isPresent()) {
                return issued(current.get());
            }
            return switch (real.signPeer(requestPem, peer)) {
                case PeerSigning.Signed(var pem) -> issued(pem);
                case PeerSigning.Refused(var why) -> throw new RequestRefused(why);
            };
        }

        private static Issued issued(String pem) throws IOException {
            return new Issued(pem, CertificateFacts.read("issued", pem).notAfter());
        }

        @Override
        public void admit(ClusterName peer) {
            admitted.add(peer);
        }

        @Override
        public Set<ClusterName> expelAllBut(Set<ClusterName> declared) throws IOException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            var gone = new TreeSet<>(admitted);
            gone.removeAll(declared);
            admitted.removeAll(gone);
            return gone;
        }
    }

    private final class Reach implements LocalMirrors.Reach {
        @Override
        public Optional<StoreSource> source(MeshPeerObject peer) {
            return peer.spec().endpoints().isEmpty() ? Optional.empty() : Optional.of(() -> remote(peer.name()));
        }

        @Override
        public boolean needsReconnection(MeshPeerObject peer) {
            return false;
        }

        @Override
        public void connected(String peer, KvStore store) {}
    }

    private final class Reports implements PeerController.Reports {
        @Override
        public void status(String peer, MeshPeerObject.Status status) {
            objects.snapshot().get(peer).ifPresent(object -> objects.put(peer, with(object, status)));
        }

        @Override
        public void refused(MeshPeerObject peer, String reason, String message) {
            events.add(reason + ": " + message);
        }
    }

    /** A process that has just started, beside what earlier ones left. */
    void restart() {
        controller.close();
        controller = controller();
    }

    private PeerController controller() {
        var config = new MeshConfig(
                Rows.CLUSTER1,
                LEASE,
                Duration.ofSeconds(60),
                GlobalNamespaces.DEFAULT,
                ServedServices.DEFAULT,
                Optional.empty(),
                "test");
        var mirrors = new LocalMirrors(
                config, local, announcements, new PeerOffers(), new Reach(), () -> {}, Clock.systemUTC());
        return new PeerController(
                objects,
                Rows.CLUSTER1,
                () -> OURS,
                authority,
                mirrors,
                peer -> Optional.ofNullable(pathsAnswer.get(peer)),
                new Reports(),
                Clock.systemUTC());
    }

    void pass() throws IOException {
        controller.pass();
        announcements.complete();
    }

    MemoryStore remote(String peer) {
        return remotes.computeIfAbsent(peer, _ -> new MemoryStore(Clock.systemUTC()));
    }

    MeshPeerObject.Status status(String peer) {
        return objects.snapshot().get(peer).orElseThrow().status();
    }

    void declare(MeshPeerObject object) {
        objects.put(object.name(), object);
        objects.markInitialized();
    }

    /** Fills a peer's etcd with what its mesh server writes first. */
    void serve(int number) throws KvException {
        var peer = Rows.cluster(number).name();
        put(
                peer.value(),
                MeshKeys.clusterConfig(peer),
                ClusterConfigCodec.encode(new ClusterConfig(number, true, false, 255))
                        .text());
        put(peer.value(), MeshKeys.HEARTBEAT, "now");
        for (Kind kind : Kind.values()) {
            put(peer.value(), MeshKeys.stateCanary(kind, peer), "now");
        }
    }

    void put(String peer, String key, String value) throws KvException {
        remote(peer).commit(List.of(Write.put(key, Value.of(value))));
    }

    Set<String> copied(String peer) throws KvException {
        var keys = new TreeSet<String>();
        local.list("cilium/cache/").values().keySet().stream()
                .filter(key -> key.contains("/" + peer + "/"))
                .forEach(keys::add);
        return keys;
    }

    static MeshPeerObject peer(int number) {
        return peer(
                number,
                CertificateRequest.create(new ClusterName("cluster" + number)).pem());
    }

    static MeshPeerObject peer(int number, String certificateRequest) {
        var spec = new MeshPeerObject.Spec(
                number,
                List.of("https://192.0.2." + number + ":2379"),
                "authority",
                certificateRequest,
                "certificate",
                List.of("10." + number + ".0.0/16"),
                List.of("172.30." + number + ".0/24"),
                Rows.cluster(number).tunnelRange().toString(),
                255,
                Optional.of(new Counts(100, 100, 100, 100)));
        return new MeshPeerObject("cluster" + number, "uid", 1, false, new HashMap<>(), spec, null);
    }

    static MeshPeerObject with(MeshPeerObject object, MeshPeerObject.Status status) {
        return new MeshPeerObject(
                object.name(),
                object.uid(),
                object.generation(),
                object.deleting(),
                object.annotations(),
                object.spec(),
                status);
    }

    static MeshPeerObject with(MeshPeerObject object, MeshPeerObject.Spec spec) {
        return new MeshPeerObject(
                object.name(),
                object.uid(),
                object.generation() + 1,
                object.deleting(),
                object.annotations(),
                spec,
                object.status());
    }

    @Override
    public void close() {
        controller.close();
        announcements.close();
    }
}

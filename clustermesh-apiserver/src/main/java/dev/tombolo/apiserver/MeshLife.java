package dev.tombolo.apiserver;

import dev.tombolo.apiserver.certificates.MeshCertificates;
import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.apiserver.derive.Passes;
import dev.tombolo.apiserver.egress.EgressMessages;
import dev.tombolo.apiserver.egress.EgressTables;
import dev.tombolo.apiserver.etcd.EtcdClients;
import dev.tombolo.apiserver.etcd.OwnEtcd;
import dev.tombolo.apiserver.mirror.LocalMirrors;
import dev.tombolo.apiserver.mirror.PeerSources;
import dev.tombolo.apiserver.peer.MeshAuthority;
import dev.tombolo.apiserver.peer.NodePathsPlan;
import dev.tombolo.apiserver.peer.PeerController;
import dev.tombolo.apiserver.publish.Heartbeat;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.publish.Publication;
import dev.tombolo.apiserver.publish.Publisher;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is written to the own etcd and read of peers for as long as it is the same one: state first, then canaries. */
final class MeshLife implements OwnEtcd.Life {
    private static final Duration RECHECK = Duration.ofSeconds(5);

    private final Around around;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Publisher publisher;
    private final EgressMessages messages;
    private final Announcements announcements;
    private final PeerController controller;
    private final Passes peers;

    /** What lives longer than an etcd. */
    record Around(
            MeshConfig config,
            KubeTables tables,
            Publication publication,
            EgressTables egress,
            Supplier<List<Prefix>> ownRanges,
            Supplier<MeshCertificates.Material> material,
            PeerSources sources,
            PeerController.Reports reports,
            EtcdClients clients,
            Passes.Failures failures,
            Clock clock) {}

    private MeshLife(Around around, EtcdStore store) {
        this.around = around;
        var config = around.config;
        var clock = around.clock;
        announcements = keep(new Announcements(store, config.lease(), clock));
        publisher = keep(new Publisher(
                around.publication, config.self(), store, config.lease(), announcements, around.failures, clock));
        messages = keep(new EgressMessages(
                around.tables,
                around.egress,
                config.self().name(),
                store,
                config.lease(),
                announcements,
                around.failures,
                clock));
        keep(Heartbeat.start(store, config.lease(), config.beat(), clock));
        controller = keep(controller(store));
        peers = keep(Passes.start(
                "peers",
                RECHECK,
                List.of(around.tables.peers(), around.tables.nodes()),
                around.failures,
                this::followPeers));
    }

    static MeshLife start(Around around, EtcdStore store) {
        return new MeshLife(around, store);
    }

    private PeerController controller(EtcdStore store) {
        var users = new MeshUsers(new EtcdUsers(store), around.config.self().name());
        var authority = new MeshAuthority(
                () -> around.material.get().authority(), users, store, around.clients::disconnect, around.clock);
        var mirrors = new LocalMirrors(
                around.config,
                store,
                announcements,
                around.egress.offers(),
                around.sources,
                this::wakePeers,
                around.clock);
        return new PeerController(
                around.tables.peers(),
                around.config.self(),
                around.ownRanges,
                authority,
                mirrors,
                this::anyPathAnswers,
                around.reports,
                around.clock);
    }

    private Optional<Boolean> anyPathAnswers(String peer) {
        var agents = around.tables.agents().snapshot().values().toList();
        return NodePathsPlan.anyAnswers(peer, agents, around.clock.instant());
    }

    private void followPeers() throws IOException {
        if (around.tables.nodes().initialized() && around.tables.peers().initialized()) {
            controller.pass();
            announcements.complete();
        }
    }

    private void wakePeers() {
        if (peers != null) {
            peers.wake();
        }
    }

    /** Whether peers can be served: everything known is in etcd. */
    boolean ready() {
        return publisher.ready();
    }

    Optional<String> problem() {
        return publisher
                .problem()
                .or(messages::problem)
                .map(error -> "etcd: " + error)
                .or(peers::lastError);
    }

    Counts published() {
        return new Counts(
                publisher.count(Kind.NODES),
                publisher.count(Kind.IDENTITIES),
                publisher.count(Kind.IPS),
                publisher.count(Kind.SERVICES));
    }

    private <T extends AutoCloseable> T keep(T each) {
        running.push(each);
        return each;
    }

    @Override
    public void close() {
        Closing.all(running);
    }
}

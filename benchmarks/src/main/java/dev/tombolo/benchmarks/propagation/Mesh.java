package dev.tombolo.benchmarks.propagation;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.apiserver.mirror.EgressMirror;
import dev.tombolo.apiserver.mirror.PeerMirror;
import dev.tombolo.apiserver.mirror.PeerOffers;
import dev.tombolo.apiserver.publish.Heartbeat;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.publish.Publication;
import dev.tombolo.apiserver.publish.Publisher;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.model.service.GlobalNamespaces;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The mesh servers of both clusters: west publishes into its etcd, east mirrors that into its own. */
final class Mesh implements AutoCloseable {
    private static final Duration LEASE = Duration.ofMinutes(15);
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final Clock clock = Clock.systemUTC();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final EtcdServer east;

    Mesh(KubeTables kubernetes) throws IOException {
        var west = keep(EtcdServer.start(Shape.WEST));
        east = keep(EtcdServer.start(Shape.EAST));
        publish(kubernetes, keep(west.open()));
        mirror(west, keep(east.open()));
    }

    /** Where east's agents read. */
    EtcdServer local() {
        return east;
    }

    private void publish(KubeTables kubernetes, KvStore store) {
        var self = new SelfCluster(Shape.WEST, Shape.WEST_ID, Shape.NUMBERING, Shape.WEST_TUNNEL);
        var publication = keep(new Publication(kubernetes, self, GlobalNamespaces.DEFAULT).start());
        var announcements = keep(new Announcements(store, LEASE, clock));
        keep(new Publisher(publication, self, store, LEASE, announcements, Mesh::failed, clock));
        announcements.complete();
        keep(Heartbeat.start(store, LEASE, BEAT, clock));
    }

    private void mirror(EtcdServer west, KvStore store) throws IOException {
        var announcements = keep(new Announcements(store, LEASE, clock));
        announcements.complete();
        keep(Heartbeat.start(store, LEASE, BEAT, clock));
        var peer = new PeerDeclaration(
                Shape.WEST,
                Shape.WEST_ID,
                Shape.NUMBERING,
                List.of(Shape.WEST_PODS),
                List.of(Shape.WEST_NODES),
                List.of(Shape.WEST_TUNNEL),
                PeerQuotas.DEFAULT);
        var rules = new PeerRules(peer, List.of(Shape.EAST_TUNNEL));
        var pace = FollowPace.heartbeatEvery(BEAT);
        var egress = new EgressMirror(
                Shape.EAST, rules, new EgressMirror.Around(store, LEASE, announcements, pace, clock, new PeerOffers()));
        var mirror = keep(new PeerMirror(rules, egress, store, LEASE, announcements, pace, clock, () -> {}));
        mirror.follow(west, peer, _ -> {});
    }

    private static void failed(String name, String reason) {
        if (!reason.isEmpty()) {
            System.out.println("failed: " + name + ": " + reason);
        }
    }

    private <T extends AutoCloseable> T keep(T each) {
        running.push(each);
        return each;
    }

    @Override
    public void close() throws IOException {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception failure) {
                throw new IOException(failure);
            }
        }
    }
}

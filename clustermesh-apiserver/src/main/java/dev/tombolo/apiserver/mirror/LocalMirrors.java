package dev.tombolo.apiserver.mirror;

import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.apiserver.peer.PeerController;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.peer.PeerRules;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mirrors into the own etcd. */
public final class LocalMirrors implements PeerController.Mirrors {
    private final MeshConfig config;
    private final KvStore store;
    private final Announcements announcements;
    private final PeerOffers offers;
    private final Reach reach;
    private final Runnable changed;
    private final Clock clock;
    private boolean swept;

    /** How peers are reached. */
    public interface Reach {
        /** Empty while the peer cannot be reached, because something of its declaration is missing. */
        Optional<StoreSource> source(MeshPeerObject peer);

        /** Whether a connection that stands has to be made again. */
        boolean needsReconnection(MeshPeerObject peer);

        /** Told of each new connection. */
        void connected(String peer, KvStore store);
    }

    /** @param offers what peers offer, kept up by the mirrors */
    public LocalMirrors(
            MeshConfig config,
            KvStore store,
            Announcements announcements,
            PeerOffers offers,
            Reach reach,
            Runnable changed,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.announcements = announcements;
        this.offers = offers;
        this.reach = reach;
        this.changed = changed;
        this.clock = clock;
    }

    @Override
    public PeerMirror mirror(PeerRules rules) throws KvException {
        var pace = FollowPace.heartbeatEvery(config.beat());
        var around = new EgressMirror.Around(store, config.lease(), announcements, pace, clock, offers);
        var egress = new EgressMirror(config.self().name(), rules, around);
        return new PeerMirror(rules, egress, store, config.lease(), announcements, pace, clock, changed);
    }

    @Override
    public Optional<StoreSource> source(MeshPeerObject peer) {
        return reach.source(peer);
    }

    @Override
    public boolean needsReconnection(MeshPeerObject peer) {
        return reach.needsReconnection(peer);
    }

    @Override
    public void connected(String peer, KvStore peerStore) {
        reach.connected(peer, peerStore);
    }

    @Override
    public void forgetOthers(Set<ClusterName> declared) throws KvException {
        if (swept) {
            return;
        }
        for (String key : store.list(MeshKeys.CLUSTER_CONFIG).values().keySet()) {
            var name = ClusterName.tryParse(key.substring(MeshKeys.CLUSTER_CONFIG.length()));
            if (name.isPresent()
                    && !declared.contains(name.get())
                    && !name.get().equals(config.self().name())) {
                forget(name.get(), key);
            }
        }
        swept = true;
    }

    private void forget(ClusterName name, String configKey) throws KvException {
        store.commit(List.of(Write.delete(configKey)));
        for (Kind kind : Kind.values()) {
            store.deletePrefix(MeshKeys.cache(kind, name));
        }
        store.deletePrefix(EgressMessageKeys.cache(name));
    }
}

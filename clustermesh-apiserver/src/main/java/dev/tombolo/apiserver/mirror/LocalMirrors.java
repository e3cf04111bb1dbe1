package dev.tombolo.apiserver.mirror;

import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.apiserver.peer.PeerController;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.StoreSource;
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
import java.util.function.Function;

/** Mirrors into the own etcd. */
public final class LocalMirrors implements PeerController.Mirrors {
    private final MeshConfig config;
    private final KvStore store;
    private final Announcements announcements;
    private final Function<MeshPeerObject, Optional<StoreSource>> sources;
    private final Connected connected;
    private final Runnable changed;
    private final Clock clock;
    private boolean swept;

    /** Told of each new connection. */
    public interface Connected {
        void to(String peer, KvStore store);
    }

    public LocalMirrors(
            MeshConfig config,
            KvStore store,
            Announcements announcements,
            Function<MeshPeerObject, Optional<StoreSource>> sources,
            Connected connected,
            Runnable changed,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.announcements = announcements;
        this.sources = sources;
        this.connected = connected;
        this.changed = changed;
        this.clock = clock;
    }

    @Override
    public PeerMirror mirror(PeerRules rules) throws KvException {
        var pace = FollowPace.heartbeatEvery(config.heartbeat());
        return new PeerMirror(rules, store, config.lease(), announcements, pace, clock, changed);
    }

    @Override
    public Optional<StoreSource> source(MeshPeerObject peer) {
        return sources.apply(peer);
    }

    @Override
    public void connected(String peer, KvStore peerStore) {
        connected.to(peer, peerStore);
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
    }
}

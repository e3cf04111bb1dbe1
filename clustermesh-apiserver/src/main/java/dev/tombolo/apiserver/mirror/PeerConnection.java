package dev.tombolo.apiserver.mirror;

import dev.tombolo.apiserver.mirror.PeerFailure.Cause;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.ClusterConfigCodec;
import dev.tombolo.kvstore.protocol.Decoded;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.peer.PeerDeclaration;
import java.util.Optional;
import java.util.function.Consumer;

/** Connections to a peer's etcd that have passed the mesh's handshake: it is the cluster that was declared. */
final class PeerConnection implements StoreSource {
    private final StoreSource raw;
    private final PeerDeclaration peer;
    private final Consumer<ClusterConfig> accepted;
    private final Consumer<KvStore> opened;
    private final Consumer<PeerFailure> failed;

    PeerConnection(
            StoreSource raw,
            PeerDeclaration peer,
            Consumer<ClusterConfig> accepted,
            Consumer<KvStore> opened,
            Consumer<PeerFailure> failed) {
        this.raw = raw;
        this.peer = peer;
        this.accepted = accepted;
        this.opened = opened;
        this.failed = failed;
    }

    @Override
    public KvStore open() throws KvException {
        try {
            KvStore store = raw.open();
            try {
                accepted.accept(shakeHands(store));
                opened.accept(store);
                return store;
            } catch (KvException | NotTheDeclared refused) {
                store.close();
                throw refused;
            }
        } catch (NotTheDeclared refused) {
            failed.accept(refused.failure);
            throw new KvException(KvException.Kind.REFUSED, refused.failure.message());
        } catch (KvException failure) {
            failed.accept(PeerFailure.of(failure));
            throw failure;
        }
    }

    private ClusterConfig shakeHands(KvStore store) throws KvException, NotTheDeclared {
        String key = MeshKeys.clusterConfig(peer.name());
        Optional<Value> value = store.get(key);
        if (value.isEmpty()) {
            throw new NotTheDeclared(
                    Cause.ClusterConfigMissing,
                    "cluster-config is missing: the etcd has no " + key
                            + "; the cluster has another name, or its mesh server is not ready");
        }
        return switch (ClusterConfigCodec.decode(key, value.get())) {
            case Decoded.Refused<ClusterConfig>(var why) -> throw mismatch(why.toString());
            case Decoded.Ok<ClusterConfig>(var config) -> {
                var mismatch = mismatch(config, peer.numbering());
                if (mismatch.isPresent()) {
                    throw mismatch(mismatch.get());
                }
                yield config;
            }
        };
    }

    private Optional<String> mismatch(ClusterConfig config, MeshNumbering numbering) {
        if (config.id() != peer.id().value()) {
            return Optional.of("the cluster says id " + config.id() + ", declared is " + peer.id());
        }
        if (config.maxConnectedClusters() != numbering.maxConnectedClusters()) {
            return Optional.of("the cluster's max-connected-clusters is " + config.maxConnectedClusters() + ", ours is "
                    + numbering.maxConnectedClusters());
        }
        return config.syncedCanaries()
                ? Optional.empty()
                : Optional.of(
                        "the cluster publishes no canaries, so a half-filled etcd could not be told from a full one");
    }

    private static NotTheDeclared mismatch(String what) {
        return new NotTheDeclared(Cause.ClusterConfigMismatch, "cluster-config mismatch: " + what);
    }

    /** Somebody answers, but not as the cluster that was declared. */
    private static final class NotTheDeclared extends Exception {
        private static final long serialVersionUID = 1;

        private final transient PeerFailure failure;

        NotTheDeclared(Cause cause, String message) {
            super(message);
            this.failure = new PeerFailure(cause, message);
        }
    }
}

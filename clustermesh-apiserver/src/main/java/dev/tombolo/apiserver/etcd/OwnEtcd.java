package dev.tombolo.apiserver.etcd;

import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's own etcd, which may lose its data while this process lives. Each life of it begins with users and
 * authentication; only then is anything of ours written. When another etcd answers than before, or the same one after it
 * was emptied, the life is over and the next begins.
 *
 * <p>{@link #pass()} is called by one thread, which also has to be the one that calls {@link #close()}, or be gone.
 */
public final class OwnEtcd<L extends OwnEtcd.Life> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnEtcd.class);
    private static final Duration ENFORCE_EVERY = Duration.ofMinutes(1);

    /** Everything that a cluster may have written to its etcd. */
    private static final List<String> OURS = List.of("cilium/", "tombolo/");

    private final EtcdAddress address;
    private final ClusterName self;
    private final EtcdClients clients;
    private final Begin<L> begin;
    private final Clock clock;
    private volatile Running<L> running;

    /** What is done with an etcd while it is the same. */
    public interface Life extends AutoCloseable {
        @Override
        void close();
    }

    /** Starts to write and to read. */
    public interface Begin<L extends Life> {
        L life(EtcdStore store);
    }

    private record Running<L extends Life>(EtcdStore store, MeshUsers users, L life, Instant enforced) {
        Running<L> enforcedAt(Instant now) {
            return new Running<>(store, users, life, now);
        }
    }

    public OwnEtcd(EtcdAddress address, ClusterName self, EtcdClients clients, Begin<L> begin, Clock clock) {
        this.address = address;
        this.self = self;
        this.clients = clients;
        this.begin = begin;
        this.clock = clock;
    }

    /** Looks whether etcd is what it was, and starts anew if not. */
    public void pass() throws IOException {
        if (running != null && !isWhatItWas()) {
            LOG.warn("etcd lost its data or its authentication: users, state and canaries are made anew");
            close();
        }
        if (running == null) {
            start();
        }
    }

    private boolean isWhatItWas() throws KvException {
        var now = clock.instant();
        try {
            running.store.get(MeshKeys.HEARTBEAT);
            if (now.isBefore(running.enforced.plus(ENFORCE_EVERY))) {
                return true;
            }
            boolean enforced = running.users.areEnforced();
            running = running.enforcedAt(now);
            return enforced;
        } catch (KvException failure) {
            if (failure.kind() == KvException.Kind.CLUSTER_CHANGED) {
                return false;
            }
            throw failure;
        }
    }

    private void start() throws IOException {
        var store = EtcdStore.open(address);
        try {
            var users = new MeshUsers(new EtcdUsers(store), self);
            if (!users.areEnforced()) {
                secure(users, store);
            }
            running = new Running<>(store, users, begin.life(store), clock.instant());
        } catch (IOException | RuntimeException failure) {
            store.close();
            throw failure;
        }
    }

    /** Until now every certificate of our authority could write, and watch what it wanted. */
    private void secure(MeshUsers users, EtcdStore store) throws IOException {
        users.makeAnew();
        for (String prefix : OURS) {
            store.deletePrefix(prefix);
        }
        clients.disconnect();
        LOG.info("etcd had no users: made them, and emptied it");
    }

    /** The life that goes on; empty before the first and between two. */
    public Optional<L> life() {
        return Optional.ofNullable(running).map(Running::life);
    }

    @Override
    public void close() {
        var ended = running;
        running = null;
        if (ended != null) {
            ended.life.close();
            ended.store.close();
        }
    }
}

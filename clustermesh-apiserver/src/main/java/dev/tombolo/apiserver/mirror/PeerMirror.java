package dev.tombolo.apiserver.mirror;

import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.apiserver.store.LeasedPrefix;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Copies what one peer says of itself into the own etcd's cache, as far as it is believed. Losing the peer keeps what
 * was copied; only {@link #remove()} takes it away.
 */
public final class PeerMirror implements AutoCloseable {
    private final ClusterName name;
    private final KvStore local;
    private final Announcements announcements;
    private final FollowPace pace;
    private final Clock clock;
    private final Runnable changed;
    private final List<MirroredKind> kinds = new ArrayList<>();
    private final List<LeasedPrefix> prefixes = new ArrayList<>();
    private final EgressMirror egress;
    private StoreFollower follower;
    private volatile SourceState state = new SourceState.Connecting("the first connection");
    private volatile Instant since;
    private volatile Optional<PeerFailure> lastFailure = Optional.empty();

    /** What is known of the mirror, for status. */
    public record Report(
            SourceState state,
            Instant since,
            Optional<PeerFailure> lastFailure,
            Map<Kind, Integer> counts,
            Map<String, Long> refused,
            Map<String, Invalid> refusalExamples) {}

    public PeerMirror(
            PeerRules rules,
            EgressMirror egress,
            KvStore local,
            Duration lease,
            Announcements announcements,
            FollowPace pace,
            Clock clock,
            Runnable changed)
            throws KvException {
        this.name = rules.peer().name();
        this.egress = egress;
        this.local = local;
        this.announcements = announcements;
        this.pace = pace;
        this.clock = clock;
        this.changed = changed;
        this.since = clock.instant();
        for (Kind kind : Kinds.MIRRORED) {
            var mirrored = new MirroredKind(kind, rules);
            mirrored.seed(local.list(mirrored.cachePrefix()).values());
            kinds.add(mirrored);
        }
        keepWhatWasAnnounced(rules.peer());
        kinds.forEach(kind -> prefixes.add(LeasedPrefix.start(local, kind.cachePrefix(), lease, kind.rows(), clock)));
        prefixes.forEach(prefix -> prefix.applied().onChange(this::announce));
    }

    /** Reads the peer through {@code source} from now on; what was copied through another stays until it is listed. */
    public synchronized void follow(StoreSource source, PeerDeclaration peer, Consumer<KvStore> opened) {
        stopFollowing();
        var prefixesOfPeer = kinds.stream()
                .map(kind -> new FollowedPrefix(
                        kind.statePrefix(), Optional.of(MeshKeys.stateCanary(kind.kind(), name)), kind))
                .toList();
        var connection = new PeerConnection(source, peer, this::accepted, opened, this::failed);
        follower = new StoreFollower(name.value(), connection, prefixesOfPeer, pace, clock, this::become).start();
        egress.follow(source, peer);
    }

    /** Connects again, for instance with a renewed certificate; what is known stays and is listed anew. */
    public synchronized void reconnect() {
        if (follower != null) {
            follower.reconnect();
        }
        egress.reconnect();
    }

    public void rules(PeerRules rules) {
        kinds.forEach(kind -> kind.rules(rules));
        egress.rules(rules);
    }

    public Report report() {
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        var refused = new TreeMap<String, Long>();
        var examples = new TreeMap<String, Invalid>();
        for (MirroredKind kind : kinds) {
            counts.put(kind.kind(), kind.rows().snapshot().size());
            kind.refused().forEach((reason, count) -> refused.merge(reason.name(), count, Long::sum));
            kind.refusalExamples().forEach((reason, why) -> examples.put(reason.name(), why));
        }
        egress.refused().forEach((reason, count) -> refused.merge(reason.name(), count, Long::sum));
        egress.refusalExamples().forEach((reason, why) -> examples.putIfAbsent(reason.name(), why));
        return new Report(state, since, lastFailure, counts, refused, examples);
    }

    /** Takes everything of the peer away: its config first, so that readers know that it is meant. */
    public void remove() throws KvException, InterruptedException {
        stopFollowing();
        announcements.withdrawConfig(name);
        prefixes.forEach(LeasedPrefix::close);
        for (Kind kind : Kind.values()) {
            local.deletePrefix(MeshKeys.cache(kind, name));
        }
        egress.remove();
        announcements.withdrawCanaries(name);
        announcements.withdrawPeerState(name);
    }

    /** Stops and leaves the copy as it is. */
    @Override
    public void close() {
        stopFollowing();
        egress.close();
        prefixes.forEach(LeasedPrefix::close);
    }

    private synchronized void stopFollowing() {
        if (follower != null) {
            follower.close();
            follower = null;
        }
    }

    private void accepted(ClusterConfig config) {
        lastFailure = Optional.empty();
        announcements.config(name, cached(config.id(), config.maxConnectedClusters()));
    }

    private void failed(PeerFailure failure) {
        lastFailure = Optional.of(failure);
        changed.run();
    }

    private void become(SourceState next) {
        Instant now = clock.instant();
        since = next instanceof SourceState.Stale(var start, var _) ? start : now;
        state = next;
        if (next instanceof SourceState.Fresh) {
            lastFailure = Optional.empty();
        }
        announcements.peerState(name, word(next), since);
        announce();
        changed.run();
    }

    /** A reader may trust the copy of a kind once it has been listed and written completely. */
    private void announce() {
        if (!(state instanceof SourceState.Fresh)) {
            return;
        }
        var complete = new TreeSet<String>();
        for (int i = 0; i < kinds.size(); i++) {
            if (prefixes.get(i).inSync()) {
                complete.add(MeshKeys.cacheCanary(kinds.get(i).kind(), name));
            }
        }
        complete.add(MeshKeys.cacheCanary(Kind.ENDPOINT_SLICES, name));
        complete.add(MeshKeys.cacheCanary(Kind.SERVICE_EXPORTS, name));
        announcements.canaries(complete);
    }

    /** An earlier process may have copied the peer completely; while the peer is away, that is what agents live on. */
    private void keepWhatWasAnnounced(PeerDeclaration peer) throws KvException {
        if (local.get(MeshKeys.clusterConfig(name)).isPresent()) {
            announcements.config(
                    name, cached(peer.id().value(), peer.numbering().maxConnectedClusters()));
        }
        announcements.canaries(local.list(MeshKeys.SYNCED + name + "/").values().keySet());
    }

    private static ClusterConfig cached(int id, int width) {
        return new ClusterConfig(id, true, true, width);
    }

    private static String word(SourceState state) {
        return switch (state) {
            case SourceState.Connecting _ -> "Connecting";
            case SourceState.Fresh _ -> "Fresh";
            case SourceState.Stale _ -> "Stale";
        };
    }
}

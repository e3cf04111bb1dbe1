package dev.tombolo.apiserver.mirror;

import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.apiserver.store.LeasedPrefix;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressMessage.Part;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerRules;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Copies what one peer says to this cluster about egress, as far as it is believed. It reads by a connection of its own: a
 * peer that knows nothing of it, as Cilium's, is mirrored all the same. Losing the peer keeps what was copied.
 */
public final class EgressMirror implements AutoCloseable {
    private final ClusterName self;
    private final ClusterName peer;
    private final Around around;
    private final List<MirroredMessages> parts = new ArrayList<>();
    private final List<LeasedPrefix> prefixes = new CopyOnWriteArrayList<>();
    private final MirroredMessages offers;
    /** Not the mirror's own lock: that one is held while a follower stops, which a busy peer can make long. */
    private final ReentrantLock offering = new ReentrantLock();

    private Optional<StoreFollower> follower = Optional.empty();
    private volatile boolean consent;
    private volatile SourceState state = new SourceState.Connecting("the first connection");

    /**
     * What all mirrors share.
     *
     * @param offers what peers offer
     */
    public record Around(
            KvStore local,
            Duration lease,
            Announcements announcements,
            FollowPace pace,
            Clock clock,
            PeerOffers offers) {}

    public EgressMirror(ClusterName self, PeerRules rules, Around around) throws KvException {
        this.self = self;
        this.peer = rules.peer().name();
        this.around = around;
        this.consent = rules.peer().mayUseGateways();
        offers = part(Part.NODES, rules);
        part(Part.POLICIES, rules);
        part(Part.PODS, rules);
        offers.rows().onChange(this::offer);
        if (offers.rows().snapshot().size() > 0) {
            offer();
            around.offers.known(peer);
        }
    }

    private MirroredMessages part(Part part, PeerRules rules) throws KvException {
        var mirrored = new MirroredMessages(part, self, rules);
        mirrored.seed(around.local.list(mirrored.cachePrefix()).values());
        var prefix =
                LeasedPrefix.start(around.local, mirrored.cachePrefix(), around.lease, mirrored.rows(), around.clock);
        parts.add(mirrored);
        prefixes.add(prefix);
        prefix.applied().onChange(this::announce);
        return mirrored;
    }

    /** Reads the peer through {@code source} from now on. */
    public synchronized void follow(StoreSource source, PeerDeclaration declared) {
        stopFollowing();
        var canary = Optional.of(EgressMessageKeys.stateCanary(peer));
        var followed = parts.stream()
                .map(part -> new FollowedPrefix(part.statePrefix(), canary, part))
                .toList();
        // What is wrong with the connection the mirror of the rest says.
        var connection = new PeerConnection(source, declared, _ -> {}, _ -> {}, _ -> {});
        follower = Optional.of(
                new StoreFollower("egress of " + peer, connection, followed, around.pace, around.clock, this::become)
                        .start());
    }

    synchronized void reconnect() {
        follower.ifPresent(StoreFollower::reconnect);
    }

    /** From now on other rules hold; what they newly allow is read again. */
    public void rules(PeerRules rules) {
        parts.forEach(part -> part.rules(rules));
        boolean allowed = rules.peer().mayUseGateways();
        if (allowed && !consent) {
            reconnect();
        }
        consent = allowed;
    }

    /** How many messages are refused, by reason. */
    public Map<Invalid.Reason, Long> refused() {
        var refused = new HashMap<Invalid.Reason, Long>();
        parts.forEach(part -> part.refused().forEach((reason, count) -> refused.merge(reason, count, Long::sum)));
        return refused;
    }

    /** One of each reason. */
    public Map<Invalid.Reason, Invalid> refusalExamples() {
        var examples = new HashMap<Invalid.Reason, Invalid>();
        parts.forEach(part -> examples.putAll(part.refusalExamples()));
        return examples;
    }

    private void become(SourceState next) {
        state = next;
        announce();
    }

    private void announce() {
        boolean complete = prefixes.size() == Part.values().length
                && prefixes.stream().allMatch(LeasedPrefix::inSync)
                && state instanceof SourceState.Fresh;
        if (complete) {
            around.offers.known(peer);
            around.announcements.canaries(Set.of(EgressMessageKeys.cacheCanary(peer)));
        }
    }

    private void offer() {
        offering.lock();
        try {
            var nodes = new HashMap<NodeId, EgressNode>();
            offers.messages().forEach(message -> {
                if (message instanceof EgressMessage.Offer(var node)) {
                    nodes.put(node.id(), node);
                }
            });
            withdrawAllBut(nodes);
        } finally {
            offering.unlock();
        }
    }

    private void withdrawAllBut(Map<NodeId, EgressNode> nodes) {
        var gone = new HashSet<NodeId>();
        around.offers.nodes().snapshot().forEach(row -> {
            if (row.getKey().cluster().equals(peer) && !nodes.containsKey(row.getKey())) {
                gone.add(row.getKey());
            }
        });
        around.offers.nodes().apply(nodes, gone);
    }

    /** Takes the copy away; the canary goes with the peer's others. */
    public void remove() throws KvException {
        close();
        around.local.deletePrefix(EgressMessageKeys.cache(peer));
        withdrawAllBut(Map.of());
        around.offers.forget(peer);
    }

    /** Stops and leaves the copy as it is. */
    @Override
    public void close() {
        stopFollowing();
        prefixes.forEach(LeasedPrefix::close);
    }

    private synchronized void stopFollowing() {
        follower.ifPresent(StoreFollower::close);
        follower = Optional.empty();
    }
}

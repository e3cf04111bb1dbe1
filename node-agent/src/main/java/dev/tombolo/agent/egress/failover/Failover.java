package dev.tombolo.agent.egress.failover;

import dev.tombolo.agent.mesh.Refusals;
import dev.tombolo.agent.mesh.TableSink;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.AddressOwnerCodec;
import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.protocol.GatewayVoteCodec;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the nodes of a cluster agree on which gateways are alive and who holds which floating address: what each sees goes
 * into their etcd, and what comes out of it into tables. What was read once is kept while etcd is away.
 */
public final class Failover implements OwnerRecords, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

    /** Longer than an etcd takes that answers: policies are carried out without it too. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** The same where no address floats: then nothing but a dead gateway could be chosen by mistake. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Means means;
    private final FailoverTables tables;
    private final Table<?, ?> pools;
    private final KeptStore kept;
    private final OwnershipClaims ownership;
    private final HealthLoop health;
    private final Derivation<?, ?> agents;
    private final HealthVotes votes;
    private final Thread thread;
    private final List<AutoCloseable> started = new ArrayList<>();
    private volatile Optional<StoreFollower> follower = Optional.empty();
    private volatile boolean closed;

    /** What it is made of: the etcd is that of the own cluster. */
    public record Means(NodeId self, StoreSource etcd, FollowPace pace, Refusals refusals, Clock clock) {}

    private Failover(Means means, FailoverTables tables, Table<?, ?> pools) {
        this.means = means;
        this.tables = tables;
        this.pools = pools;
        kept = new KeptStore(means.etcd());
        ownership = new OwnershipClaims(means.self(), means.clock());
        votes = new HealthVotes(means.self(), tables.answers, kept);
        health = HealthLoop.start(means.self().cluster(), tables.votes, tables.health);
        agents = Derivation.into(tables.agents).fromAll(tables.votes).startWhole(this::agents);
        thread = Thread.ofVirtual().name("egress failover").unstarted(this::run);
    }

    private Map<NodeId, Boolean> agents() {
        return tables.votes
                .snapshot()
                .values()
                .map(vote -> new NodeId(means.self().cluster(), vote.prober()))
                .collect(Collectors.toMap(Function.identity(), _ -> true, (same, _) -> same));
    }

    public static Failover start(Means means, FailoverTables tables, Table<?, ?> pools) {
        var failover = new Failover(means, tables, pools);
        failover.thread.start();
        return failover;
    }

    private void run() {
        try {
            begin();
            awaitOwners();
            initialized();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (NetlinkException failure) {
            LOG.error("egress gateways cannot be watched: {}", failure.getMessage());
            initialized();
        }
    }

    private synchronized void begin() throws NetlinkException {
        if (closed) {
            return;
        }
        follower = Optional.of(new StoreFollower(
                        "egress gateways", means.etcd(), prefixes(), means.pace(), means.clock(), this::became)
                .start());
        started.add(follower.get());
        started.add(GatewayWatcher.start(tables.probes, tables.answers));
        started.add(votes.start());
        started.add(ClaimLoop.start(tables.claims, ownership, kept));
    }

    private List<FollowedPrefix> prefixes() {
        var ballots = new TableSink<>(tables.votes, GatewayVoteCodec::decode, GatewayVoteCodec::key, means.refusals());
        var records =
                new TableSink<>(tables.owners, AddressOwnerCodec::decode, AddressOwner::address, means.refusals());
        return List.of(
                new FollowedPrefix(EgressKeys.OWNERS, Optional.empty(), records),
                new FollowedPrefix(EgressKeys.VOTES, Optional.empty(), ballots));
    }

    private void became(SourceState state) {
        if (state instanceof SourceState.Fresh) {
            initialized();
        }
    }

    private void awaitOwners() throws InterruptedException {
        long begin = System.nanoTime();
        while (!tables.owners.initialized()
                && System.nanoTime() - begin < longestWait().toNanos()) {
            tables.owners.awaitChange(tables.owners.snapshot().revision(), BETWEEN_LOOKS);
        }
    }

    private Duration longestWait() {
        var known = pools.snapshot();
        return known.initialized() && known.size() == 0 ? SHORT_WAIT : LONGEST_WAIT;
    }

    private void initialized() {
        tables.votes.markInitialized();
        tables.owners.markInitialized();
    }

    /** Whether this node hears of owners and votes, and its own votes stand: only then can it take an address over. */
    public boolean isConnected() {
        return votes.isConnected()
                && follower.filter(following -> following.state() instanceof SourceState.Fresh)
                        .isPresent();
    }

    @Override
    public boolean isMine(IpAddress address) throws KvException {
        return ask(store -> ownership.isMine(store, address));
    }

    @Override
    public boolean isAnothers(IpAddress address) throws KvException {
        return ask(store -> ownership.isAnothers(store, address));
    }

    private interface Question {
        boolean of(KvStore store) throws KvException;
    }

    private boolean ask(Question question) throws KvException {
        KvStore store = kept.open();
        try {
            return question.of(store);
        } catch (KvException failure) {
            kept.drop(store);
            throw failure;
        }
    }

    /** Why nothing is made of the votes, if so. */
    public Optional<String> failure() {
        return health.failure().or(agents::failure);
    }

    /** Stops asking and claiming; who holds what stays as it is. */
    @Override
    public void close() {
        List<AutoCloseable> parts;
        synchronized (this) {
            closed = true;
            parts = List.copyOf(started);
        }
        thread.interrupt();
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception failure) {
                LOG.warn("not closed: {}", failure.getMessage());
            }
        }
        kept.close();
        health.close();
        agents.close();
        join();
    }

    private void join() {
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

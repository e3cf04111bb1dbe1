package dev.tombolo.agent.egress.failover;

import dev.tombolo.kvstore.protocol.GatewayVoteCodec;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.loop.LoopThread;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what this node says of each gateway as soon as it changes. The votes are on a lease: those of a node that is dead
 * or cut off do not count for long. One platform thread of its own, which does not wait behind plans that compute.
 */
final class HealthVotes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthVotes.class);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final NodeId self;
    private final Table<NodeId, Answer> answers;
    private final KeptStore kept;
    private final Thread thread;
    private String lastFault = "";
    private volatile boolean connected;
    private volatile boolean closed;

    HealthVotes(NodeId self, Table<NodeId, Answer> answers, KeptStore kept) {
        this.self = self;
        this.answers = answers;
        this.kept = kept;
        thread = Thread.ofPlatform().daemon().name("egress gateway votes").unstarted(this::run);
    }

    HealthVotes start() {
        thread.start();
        return this;
    }

    /** Whether what this node says is written, and stands. */
    boolean isConnected() {
        return connected;
    }

    private void run() {
        try {
            while (!closed) {
                KvStore store = null;
                try {
                    store = kept.open();
                    session(store);
                } catch (KvException away) {
                    lost(store, away);
                } catch (RuntimeException fault) {
                    tell(fault);
                    lost(store, fault);
                }
                Thread.sleep(RETRY);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same is told once. */
    private void tell(RuntimeException fault) {
        if (!fault.toString().equals(lastFault)) {
            LOG.error("what is known of egress gateways is not written, by a fault of Tombolo", fault);
        }
        lastFault = fault.toString();
    }

    private void lost(KvStore store, Exception failure) {
        if (connected) {
            LOG.warn("what is known of egress gateways cannot be told to others: {}", failure.getMessage());
        }
        connected = false;
        kept.drop(store);
    }

    /** Until the lease or the connection is lost: then all is put again under another lease. */
    private void session(KvStore store) throws KvException, InterruptedException {
        long lease = store.grantLease(TIME_TO_LIVE);
        var written = new HashMap<String, Value>();
        long kept = System.nanoTime();
        while (!closed) {
            var snapshot = answers.snapshot();
            write(store, lease, written, wanted(snapshot));
            connected = true;
            answers.awaitChange(snapshot.revision(), KEEP_ALIVE);
            if (System.nanoTime() - kept >= KEEP_ALIVE.toNanos()) {
                store.keepAlive(lease);
                kept = System.nanoTime();
            }
        }
    }

    private Map<String, Value> wanted(Snapshot<NodeId, Answer> known) {
        var wanted = new HashMap<String, Value>();
        known.forEach(row -> {
            var vote = GatewayVote.of(row.getKey(), self, row.getValue());
            wanted.put(GatewayVoteCodec.key(vote), GatewayVoteCodec.encode(vote));
        });
        return wanted;
    }

    private static void write(KvStore store, long lease, Map<String, Value> written, Map<String, Value> wanted)
            throws KvException {
        var writes = new ArrayList<Write>();
        wanted.forEach((key, value) -> {
            if (!value.equals(written.get(key))) {
                writes.add(Write.put(key, value, lease));
            }
        });
        written.keySet().stream().filter(key -> !wanted.containsKey(key)).forEach(key -> writes.add(Write.delete(key)));
        for (int from = 0; from < writes.size(); from += KvStore.MOST_WRITES) {
            store.commit(List.copyOf(writes.subList(from, Math.min(writes.size(), from + KvStore.MOST_WRITES))));
        }
        written.clear();
        written.putAll(wanted);
    }

    @Override
    public void close() {
        closed = true;
        LoopThread.end(thread, LONGEST_CLOSE);
    }
}

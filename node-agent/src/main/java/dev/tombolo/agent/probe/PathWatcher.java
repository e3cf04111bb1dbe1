package dev.tombolo.agent.probe;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.EchoSocket;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.loop.LoopThread;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Notices within a second that the path to a remote node is dead, whatever its cluster's etcd says. The nodes' kernels
 * are asked and not their agents, so that an agent may die without its node's pods being avoided.
 *
 * <p>One platform thread of its own: a virtual one would wait behind plans that compute, and be late itself.
 */
final class PathWatcher implements AutoCloseable {
    private static final Duration ROUND = Duration.ofMillis(200);
    /** Above this many nodes those that are not used are asked less often, and their death is noticed later. */
    private static final int MOST_NODES_A_ROUND = 256;

    private static final long ROUNDS_BETWEEN_CHOICES = 10;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final Table<NodeId, MeshNode> nodes;
    private final Supplier<Set<NodeId>> used;
    private final Table<NodeId, PathState> states;
    private final EchoSocket socket;
    private final Clock clock;
    private final EchoRounds rounds;
    private final Thread thread;
    private long seen = -1;
    private long count;

    PathWatcher(
            Table<NodeId, MeshNode> nodes,
            Supplier<Set<NodeId>> used,
            Table<NodeId, PathState> states,
            Map<NodeId, DeadPath> remembered,
            EchoSocket socket,
            Clock clock) {
        this.nodes = nodes;
        this.used = used;
        this.states = states;
        this.socket = socket;
        this.clock = clock;
        this.rounds = new EchoRounds(MOST_NODES_A_ROUND, remembered);
        this.thread = Thread.ofPlatform().daemon().name("watch paths").unstarted(this::run);
    }

    /**
     * Watches by the routes of this network namespace.
     *
     * @param used the nodes that matter most; only looked at where there are too many to ask all of them at once
     * @param remembered dead since before; {@code states} shows them already
     */
    static PathWatcher start(
            Table<NodeId, MeshNode> nodes,
            Supplier<Set<NodeId>> used,
            Table<NodeId, PathState> states,
            Map<NodeId, DeadPath> remembered,
            Clock clock)
            throws NetlinkException {
        return new PathWatcher(nodes, used, states, remembered, EchoSocket.open(), clock).start();
    }

    PathWatcher start() {
        thread.start();
        return this;
    }

    private void run() {
        try (socket) {
            long before = System.nanoTime();
            while (true) {
                long now = System.nanoTime();
                round(now - before < 2 * ROUND.toNanos());
                before = now;
                Thread.sleep(ROUND);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(boolean onTime) {
        tell(rounds.end(socket.answered(), onTime));
        // Asked first: a table that is initialized afterwards may have been empty when it was read.
        boolean complete = nodes.initialized();
        var snapshot = nodes.snapshot();
        boolean many = snapshot.size() > MOST_NODES_A_ROUND;
        if (snapshot.revision() != seen || (many && count % ROUNDS_BETWEEN_CHOICES == 0)) {
            seen = snapshot.revision();
            rounds.nodes(addresses(snapshot), many ? used.get() : Set.of());
        }
        if (complete) {
            rounds.forgetAbsent();
        }
        count++;
        rounds.asked(rounds.choose().stream().filter(socket::ask).toList());
    }

    private static Map<NodeId, IpAddress> addresses(Snapshot<NodeId, MeshNode> nodes) {
        var addresses = new HashMap<NodeId, IpAddress>();
        nodes.values().forEach(node -> PathProber.address(node).ifPresent(host -> addresses.put(node.id(), host)));
        return addresses;
    }

    private void tell(EchoRounds.Changes changes) {
        Instant now = clock.instant();
        Map<NodeId, PathState> rows = new HashMap<>();
        changes.answers().forEach((node, answer) -> rows.put(node, new PathState(answer, now)));
        states.apply(rows, changes.forgotten());
    }

    @Override
    public void close() {
        LoopThread.end(thread, LONGEST_CLOSE);
    }
}

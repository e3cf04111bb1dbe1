package dev.tombolo.agent.egress.failover;

import dev.tombolo.agent.probe.EchoRounds;
import dev.tombolo.agent.probe.PathState;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.EchoSocket;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Asks each gateway through its carrier, again and again, whether the data path there is alive. A program in the
 * gateway's kernel answers, so that an agent may die without its node being given up.
 *
 * <p>One platform thread of its own: a virtual one would wait behind plans that compute, and be late itself.
 */
public final class GatewayWatcher implements AutoCloseable {
    /** How often a gateway is asked from which an address may have to be taken over. */
    static final Duration ROUND = Duration.ofMillis(100);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
    private static final int MOST_GATEWAYS_A_ROUND = 256;

    private final Table<NodeId, IpAddress> probes;
    private final Table<NodeId, Boolean> answers;
    private final Echo echo;
    private final Duration pause;
    private final EchoRounds rounds = new EchoRounds(MOST_GATEWAYS_A_ROUND);
    private final Thread thread;
    private long seen = -1;

    /** Asks for echoes; used by one thread. */
    interface Echo extends AutoCloseable {
        /** False where it could not be asked, which says nothing of the host. */
        boolean ask(IpAddress host);

        /** Those whose answers have come in since the last call. */
        Set<IpAddress> answered();

        @Override
        void close();
    }

    private record Socket(EchoSocket socket) implements Echo {
        @Override
        public boolean ask(IpAddress host) {
            return socket.ask(host);
        }

        @Override
        public Set<IpAddress> answered() {
            return socket.answered();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    GatewayWatcher(Table<NodeId, IpAddress> probes, Table<NodeId, Boolean> answers, Echo echo, Duration pause) {
        this.probes = probes;
        this.answers = answers;
        this.echo = echo;
        this.pause = pause;
        thread = Thread.ofPlatform().daemon().name("watch egress gateways").unstarted(this::run);
    }

    /** Watches by the routes of this network namespace. */
    public static GatewayWatcher start(Table<NodeId, IpAddress> probes, Table<NodeId, Boolean> answers, Duration pause)
            throws NetlinkException {
        var watcher = new GatewayWatcher(probes, answers, new Socket(EchoSocket.open()), pause);
        watcher.thread.start();
        return watcher;
    }

    private void run() {
        try (echo) {
            long before = System.nanoTime();
            while (true) {
                long now = System.nanoTime();
                round(now - before < 2 * pause.toNanos());
                before = now;
                Thread.sleep(pause);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param onTime false when this node was late itself: then silence is not held against anybody */
    void round(boolean onTime) {
        tell(rounds.end(echo.answered(), onTime));
        var snapshot = probes.snapshot();
        if (snapshot.revision() != seen) {
            seen = snapshot.revision();
            rounds.nodes(snapshot.toMap(), Set.of());
        }
        rounds.asked(rounds.choose().stream().filter(echo::ask).toList());
    }

    private void tell(EchoRounds.Changes changes) {
        Map<NodeId, Boolean> rows = new HashMap<>();
        changes.answers().forEach((node, answer) -> rows.put(node, answer == PathState.Answer.ANSWERS));
        answers.apply(rows, changes.forgotten());
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

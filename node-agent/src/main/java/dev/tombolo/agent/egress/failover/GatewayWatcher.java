package dev.tombolo.agent.egress.failover;

import dev.tombolo.agent.probe.EchoRounds;
import dev.tombolo.agent.probe.PathState;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.EchoSocket;
import dev.tombolo.netlink.EchoSocket.Asked;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each gateway through its carrier, again and again, whether the data path there is alive. A program in the
 * gateway's kernel answers, so that an agent may die without its node being given up. Of a gateway that cannot be asked,
 * because the carrier is missing here, nothing is said: that is no silence of the gateway's.
 *
 * <p>One platform thread of its own: a virtual one would wait behind plans that compute, and be late itself.
 */
public final class GatewayWatcher implements AutoCloseable {
    /** How often a gateway is asked from which an address may have to be taken over. */
    static final Duration ROUND = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(GatewayWatcher.class);

    /** A round that is later says nothing; on a busy machine many are a little late, and are to count. */
    private static final Duration LATE = Duration.ofMillis(300);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
    private static final int MOST_GATEWAYS_A_ROUND = 256;
    /** Half a minute: a node that starts, and its way here, are there by then. */
    private static final int LONG = 300;

    private final Table<NodeId, Probe> probes;
    private final Table<NodeId, Answer> answers;
    private final Echo echo;
    private final Duration pause;
    private final EchoRounds rounds = new EchoRounds(MOST_GATEWAYS_A_ROUND);
    private final Map<NodeId, Answer> heard = new HashMap<>();
    /** How often each that never answered was asked. */
    private final Map<NodeId, Integer> unheard = new HashMap<>();

    private final Thread thread;
    private Map<NodeId, Probe> watched = Map.of();
    private Set<Probe> unreachable = Set.of();

    /** Asks for echoes; used by one thread. */
    interface Echo extends AutoCloseable {
        Asked ask(Probe probe);

        /** Those whose answers have come in since the last call. */
        Set<IpAddress> answered();

        @Override
        void close();
    }

    private record Socket(EchoSocket socket) implements Echo {
        @Override
        public Asked ask(Probe probe) {
            return socket.ask(probe.host(), probe.device(), probe.source());
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

    GatewayWatcher(Table<NodeId, Probe> probes, Table<NodeId, Answer> answers, Echo echo, Duration pause) {
        this.probes = probes;
        this.answers = answers;
        this.echo = echo;
        this.pause = pause;
        thread = Thread.ofPlatform().daemon().name("watch egress gateways").unstarted(this::run);
    }

    /** Watches by the routes of this network namespace. */
    public static GatewayWatcher start(Table<NodeId, Probe> probes, Table<NodeId, Answer> answers, Duration pause)
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
                round(now - before < pause.plus(LATE).toNanos());
                before = now;
                Thread.sleep(pause);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param onTime false when this node was late itself: then silence is not held against anybody */
    void round(boolean onTime) {
        note(rounds.end(echo.answered(), onTime));
        watch(probes.snapshot().toMap());
        tell();
        ask();
    }

    private void note(EchoRounds.Changes changes) {
        heard.keySet().removeAll(changes.forgotten());
        changes.answers().forEach((node, answer) -> {
            heard.put(node, answer == PathState.Answer.ANSWERS ? Answer.ANSWERS : Answer.SILENT);
            unheard.remove(node);
            LOG.info("egress gateway {} {}", node, heard.get(node));
        });
    }

    /** Those that can be asked. */
    private void watch(Map<NodeId, Probe> all) {
        var can = new HashMap<>(all);
        can.values().removeAll(unreachable);
        if (can.equals(watched)) {
            return;
        }
        watched = Map.copyOf(can);
        unheard.keySet().retainAll(watched.keySet());
        var hosts = new HashMap<NodeId, IpAddress>();
        watched.forEach((node, probe) -> hosts.put(node, probe.host()));
        rounds.nodes(hosts, Set.of());
    }

    private void tell() {
        var rows = new HashMap<NodeId, Answer>();
        watched.keySet().forEach(node -> {
            if (heard.containsKey(node)) {
                rows.put(node, heard.get(node));
            } else if (unheard.containsKey(node)) {
                rows.put(node, unheard.get(node) < LONG ? Answer.ASKED : Answer.NEVER);
            }
        });
        answers.replaceAll(rows);
    }

    private void ask() {
        var byHost = watched.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getValue().host(), Map.Entry::getKey));
        var cut = new HashSet<Probe>();
        unreachable.stream().filter(probe -> echo.ask(probe) == Asked.NO_WAY).forEach(cut::add);
        rounds.asked(rounds.choose().stream()
                .filter(host -> asked(byHost.get(host), cut))
                .toList());
        unreachable = cut;
    }

    private boolean asked(NodeId node, Set<Probe> cut) {
        var probe = watched.get(node);
        return switch (echo.ask(probe)) {
            case SENT -> {
                if (!heard.containsKey(node)) {
                    unheard.merge(node, 1, (before, one) -> Math.min(before + one, LONG));
                }
                yield true;
            }
            case NO_ROOM -> false;
            case NO_WAY -> {
                cut.add(probe);
                yield false;
            }
        };
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

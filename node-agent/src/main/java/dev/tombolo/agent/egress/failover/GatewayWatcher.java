package dev.tombolo.agent.egress.failover;

import dev.tombolo.agent.egress.watch.Watch;
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
 * because the carrier is missing here, nothing is said: that is no silence of the gateway's. Confined to one thread.
 */
final class GatewayWatcher {
    private static final Duration ROUND = Duration.ofMillis(70);

    private static final Duration SHORTEST = ROUND.dividedBy(2);

    /**
     * Silences in a row that are believed. A gateway's machine may stand still for 300 ms, as where its host is busy, and
     * must not be given up for it: the first of these questions is asked 350 ms before the last is counted.
     */
    private static final int BELIEVED_AFTER = 5;

    private static final Logger LOG = LoggerFactory.getLogger(GatewayWatcher.class);

    /** A round that is later says nothing; on a busy machine many are a little late, and are to count. */
    private static final Duration LATE = Duration.ofMillis(300);

    private static final int MOST_GATEWAYS_A_ROUND = 256;
    /** Half a minute: a node that starts, and its way here, are there by then. */
    private static final int LONG = 430;

    /** Rounds that one that was silent has to answer before it counts again: a second. */
    private static final int SURE = 14;

    private static final int DOUBT_OF_A_MISS = 2;

    private final Table<NodeId, Probe> probes;
    private final Table<NodeId, Answer> answers;
    private final Echo echo;
    private final EchoRounds rounds = new EchoRounds(MOST_GATEWAYS_A_ROUND, BELIEVED_AFTER);
    private final Map<NodeId, Answer> heard = new HashMap<>();
    /** How often each that never answered was asked. */
    private final Map<NodeId, Integer> unheard = new HashMap<>();

    /** How sure it is that one that was silent has come back. */
    private final Map<NodeId, Integer> returning = new HashMap<>();

    private Map<NodeId, Probe> watched = Map.of();
    private Set<Probe> unreachable = Set.of();
    private Set<IpAddress> lastAsked = Set.of();
    private long lastRound = System.nanoTime();
    private long nextRound = lastRound;

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

    GatewayWatcher(Table<NodeId, Probe> probes, Table<NodeId, Answer> answers, Echo echo) {
        this.probes = probes;
        this.answers = answers;
        this.echo = echo;
    }

    /** Watches by the routes of this network namespace, until what it returns is closed. */
    static AutoCloseable start(Table<NodeId, Probe> probes, Table<NodeId, Answer> answers) throws NetlinkException {
        var watcher = new GatewayWatcher(probes, answers, new Socket(EchoSocket.open()));
        var watch = Watch.startOnTime("watch egress gateways", "egress gateways cannot be watched", watcher::next);
        return () -> {
            watch.close();
            watcher.echo.close();
        };
    }

    private void next() throws InterruptedException {
        long now = System.nanoTime();
        round(now - lastRound < ROUND.plus(LATE).toNanos());
        lastRound = now;
        // At its time, or the delays of all rounds that are waited for would add up; but not before answers can be
        // here.
        nextRound = Math.max(nextRound + ROUND.toNanos(), now + SHORTEST.toNanos());
        Thread.sleep(Duration.ofNanos(Math.max(0, nextRound - System.nanoTime())));
    }

    /** @param onTime false when this node was late itself: then silence is not held against anybody */
    void round(boolean onTime) {
        var answered = echo.answered();
        note(rounds.end(answered, onTime));
        letReturn(answered, onTime);
        watch(probes.snapshot().toMap());
        tell();
        ask();
    }

    private void note(EchoRounds.Changes changes) {
        heard.keySet().removeAll(changes.forgotten());
        returning.keySet().removeAll(changes.forgotten());
        changes.answers().forEach((node, answer) -> {
            unheard.remove(node);
            returning.remove(node);
            if (answer == PathState.Answer.DEAD) {
                hear(node, Answer.SILENT);
            } else if (heard.get(node) == Answer.SILENT) {
                returning.put(node, 0);
            } else {
                hear(node, Answer.ANSWERS);
            }
        });
    }

    private void hear(NodeId node, Answer answer) {
        heard.put(node, answer);
        LOG.info("egress gateway {} {}", node, answer);
    }

    /** One that answers now and then would take connections each time, and lose them. */
    private void letReturn(Set<IpAddress> answered, boolean onTime) {
        returning.replaceAll((node, sureness) -> {
            var host = watched.get(node).host();
            if (answered.contains(host)) {
                return sureness + 1;
            }
            return onTime && lastAsked.contains(host) ? Math.max(0, sureness - DOUBT_OF_A_MISS) : sureness;
        });
        returning.entrySet().stream()
                .filter(entry -> entry.getValue() >= SURE)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(node -> {
                    returning.remove(node);
                    hear(node, Answer.ANSWERS);
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
        returning.keySet().retainAll(watched.keySet());
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
        lastAsked = rounds.choose().stream()
                .filter(host -> asked(byHost.get(host), cut))
                .collect(Collectors.toSet());
        rounds.asked(lastAsked);
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
}

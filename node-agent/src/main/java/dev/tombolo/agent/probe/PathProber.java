package dev.tombolo.agent.probe;

import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.path.WireGuardPlan;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;

/**
 * Measures, inside the tunnel itself, how large packets to each remote node may be: networks that drop large packets
 * without a word let small requests pass and large ones hang. Answers the probes of other nodes too.
 *
 * <p>Probes go to tunnel addresses, whose routes keep the device's MTU, and may not be fragmented. Two virtual threads of
 * its own: one sends and writes the table, one receives.
 */
public final class PathProber implements AutoCloseable {
    /** UDP port on the tunnel address; nothing outside the tunnel can reach it. */
    public static final int PORT = 51_872;

    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int MOST_NODES_A_ROUND = 100;
    private static final int LARGEST = 65_535;

    private final Table<NodeId, MeshNode> nodes;
    private final Supplier<Optional<OwnTunnel>> own;
    private final Table<NodeId, PathMeasure> measures;
    private final Supplier<UnderlayRoom> underlay;
    private final Map<NodeId, PathMeasure> known = new HashMap<>();
    private final Map<IpAddress, Integer> answered = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile DatagramChannel channel;
    private volatile Optional<IpAddress> bound = Optional.empty();
    private volatile long round;
    private int next;

    PathProber(
            Table<NodeId, MeshNode> nodes,
            Supplier<Optional<OwnTunnel>> own,
            Table<NodeId, PathMeasure> measures,
            Supplier<UnderlayRoom> underlay) {
        this.nodes = nodes;
        this.own = own;
        this.measures = measures;
        this.underlay = underlay;
    }

    PathProber start() {
        threads.add(Thread.ofVirtual().name("probe paths").start(this::send));
        threads.add(Thread.ofVirtual().name("answer probes").start(this::receive));
        return this;
    }

    private void send() {
        try {
            while (true) {
                Optional<OwnTunnel> tunnel =
                        own.get().filter(each -> each.address().isPresent());
                if (tunnel.isPresent() && isOpen(tunnel.get().address().get())) {
                    probe(tunnel.get());
                }
                Thread.sleep(ROUND);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens the socket on the tunnel address; false while the device does not have it yet. */
    private boolean isOpen(IpAddress address) {
        if (bound.equals(Optional.of(address)) && channel.isOpen()) {
            return true;
        }
        closeChannel();
        try {
            var opened = DatagramChannel.open();
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
            opened.bind(new InetSocketAddress(InetAddress.getByAddress(address.familyBytes()), PORT));
            channel = opened;
            bound = Optional.of(address);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void probe(OwnTunnel tunnel) throws InterruptedException {
        var chosen = choose();
        round++;
        answered.clear();
        for (MeshNode node : chosen) {
            for (int size : ProbeSizes.upTo(tunnel.mtu())) {
                sendTo(address(node).orElseThrow(), new ProbePacket(false, round, size));
            }
        }
        Thread.sleep(PATIENCE);
        var puts = new HashMap<NodeId, PathMeasure>();
        var room = underlay.get();
        for (MeshNode node : chosen) {
            var before = known.getOrDefault(node.id(), PathMeasure.unknown(tunnel.mtu()));
            var after = before.after(largest(node, room, tunnel.mtu()));
            known.put(node.id(), after);
            puts.put(node.id(), new PathMeasure(after.mtu(), after.answers(), 0));
        }
        measures.apply(puts, gone());
    }

    private OptionalInt largest(MeshNode node, UnderlayRoom room, int tunnelMtu) {
        Integer size = answered.get(address(node).orElseThrow());
        var largest = size == null ? OptionalInt.empty() : OptionalInt.of(size);
        return WireGuardPlan.underlay(node)
                .map(end -> room.limit(largest, end, tunnelMtu))
                .orElse(largest);
    }

    /** A bounded share of the nodes, the next ones at the next round. */
    private List<MeshNode> choose() {
        var all = nodes.snapshot()
                .values()
                .filter(node -> address(node).isPresent())
                .toList();
        if (all.size() <= MOST_NODES_A_ROUND) {
            return all;
        }
        var share = new ArrayList<MeshNode>();
        for (int i = 0; i < MOST_NODES_A_ROUND; i++) {
            share.add(all.get((next + i) % all.size()));
        }
        next = (next + MOST_NODES_A_ROUND) % all.size();
        return share;
    }

    private Set<NodeId> gone() {
        var gone = new HashSet<NodeId>();
        var present = nodes.snapshot();
        measures.snapshot().forEach(row -> {
            if (present.get(row.getKey()).isEmpty()) {
                gone.add(row.getKey());
            }
        });
        known.keySet().removeAll(gone);
        return gone;
    }

    static Optional<IpAddress> address(MeshNode node) {
        return node.tunnelAddresses().stream().filter(IpAddress::isV4).findFirst();
    }

    private void sendTo(IpAddress to, ProbePacket packet) {
        try {
            channel.send(packet.bytes(), new InetSocketAddress(InetAddress.getByAddress(to.familyBytes()), PORT));
        } catch (IOException tooLargeOrNoRoute) {
            // Not sent is not answered, which is what the round counts.
            return;
        }
    }

    private void receive() {
        var buffer = ByteBuffer.allocate(LARGEST);
        while (!Thread.currentThread().isInterrupted()) {
            var open = channel;
            try {
                if (open == null || !open.isOpen()) {
                    Thread.sleep(PATIENCE);
                    continue;
                }
                buffer.clear();
                var from = (InetSocketAddress) open.receive(buffer);
                var sender = IpAddress.of(from.getAddress().getAddress());
                ProbePacket.read(buffer.flip()).ifPresent(packet -> received(packet, sender));
            } catch (InterruptedException closing) {
                return;
            } catch (IOException reopened) {
                continue;
            }
        }
    }

    private void received(ProbePacket packet, IpAddress sender) {
        if (!packet.isAnswer()) {
            sendTo(sender, new ProbePacket(true, packet.round(), packet.size()));
        } else if (packet.round() == round) {
            answered.merge(sender, packet.size(), Math::max);
        }
    }

    private void closeChannel() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException alreadyGone) {
            return;
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        closeChannel();
    }
}

package dev.tombolo.agent.mesh;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.agent.path.TunnelRoute;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.testkit.twin.MapTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A kernel in memory that looks, after each operation, whether every remote backend of its services has a peer, a route
 * and an ipcache entry. Like WireGuard, it takes a prefix away from the peer that had it. It can refuse to be changed.
 */
final class KernelInOrder {
    private static final int SELF = 1;

    final Rows<WireGuardKey, TunnelPeer> peers = new Rows<>();
    final Rows<Prefix, TunnelRoute> routes = new Rows<>();
    final Rows<Prefix, IpcacheEntry> ipcache = new Rows<>();
    final Rows<Frontend, ServiceEntry> services = new Rows<>();
    private final List<String> violations = new ArrayList<>();

    MeshPlans.Targets targets() {
        return new MeshPlans.Targets(peers, routes, new MapTarget<>(), ipcache, services);
    }

    List<Rows<?, ?>> all() {
        return List.of(peers, routes, ipcache, services);
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    private void look(String after) {
        for (ServiceEntry entry : services.rows.values()) {
            for (ServiceBackend backend : entry.backends()) {
                if (backend.clusterId() != SELF) {
                    look(after, backend.address());
                }
            }
        }
    }

    private void look(String after, IpAddress address) {
        boolean carried = peers.rows.values().stream()
                .flatMap(peer -> peer.allowed().stream())
                .anyMatch(prefix -> prefix.contains(address));
        boolean routed = routes.rows.keySet().stream().anyMatch(range -> range.contains(address));
        boolean known = ipcache.rows.containsKey(Prefix.host(address));
        if (!carried || !routed || !known) {
            violations.add("after " + after + ": " + address + (carried ? "" : " no peer") + (routed ? "" : " no route")
                    + (known ? "" : " no ipcache entry"));
        }
    }

    /** One kind of rows; every operation takes a while, in which the others go on. */
    final class Rows<K extends Comparable<? super K>, V> implements Target<K, V> {
        private final TreeMap<K, V> rows = new TreeMap<>();
        private boolean refused;

        /** Whether from now on the rows can be read, and not written. */
        void refuse(boolean refuse) {
            synchronized (KernelInOrder.this) {
                refused = refuse;
            }
        }

        private void answer() throws IOException {
            if (refused) {
                throw new IOException("full");
            }
        }

        @Override
        public Map<K, V> observe() {
            return now();
        }

        Map<K, V> now() {
            synchronized (KernelInOrder.this) {
                return new HashMap<>(rows);
            }
        }

        @Override
        public void put(K key, V value) throws IOException {
            Thread.yield();
            synchronized (KernelInOrder.this) {
                answer();
                rows.put(key, value);
                if (key instanceof WireGuardKey taker && value instanceof TunnelPeer peer) {
                    takeFromOthers(taker, peer.allowed());
                }
                look("put " + key + " " + value);
            }
            Thread.yield();
        }

        private void takeFromOthers(WireGuardKey taker, Set<Prefix> taken) {
            peers.rows.replaceAll((key, peer) -> {
                var left = new HashSet<>(peer.allowed());
                if (!key.equals(taker)) {
                    left.removeAll(taken);
                }
                return new TunnelPeer(peer.node(), peer.endpoint(), left);
            });
        }

        @Override
        public void remove(K key) throws IOException {
            Thread.yield();
            synchronized (KernelInOrder.this) {
                answer();
                rows.remove(key);
                look("remove " + key);
            }
            Thread.yield();
        }
    }
}

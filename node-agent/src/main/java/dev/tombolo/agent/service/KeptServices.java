package dev.tombolo.agent.service;

import dev.tombolo.agent.mesh.RemoteService;
import dev.tombolo.agent.path.Path;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Stands in for the chain from the mesh to the service maps while the mesh cannot be read since the start: remote
 * backends are those found in the kernel, and local ones follow Kubernetes. Closed when the chain is complete; the
 * chain then makes the maps what the mesh says.
 */
public final class KeptServices implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    private final Derivation<Frontend, BackendSet> kept;
    private final Derivation<ServiceName, ServedService> served;
    private final Derivation<Frontend, ServiceEntry> frontends;
    private final Reconciler<Frontend, ServiceEntry> reconciler;

    private KeptServices(
            Derivation<Frontend, BackendSet> kept,
            Derivation<ServiceName, ServedService> served,
            Derivation<Frontend, ServiceEntry> frontends,
            Reconciler<Frontend, ServiceEntry> reconciler) {
        this.kept = kept;
        this.served = served;
        this.frontends = frontends;
        this.reconciler = reconciler;
    }

    /** @param over true once the chain itself applies rows: from then on nothing is written from here */
    public static KeptServices start(
            ServiceDerivations.Inputs in,
            Table<ClusterName, PeerDeclaration> declared,
            Target<Frontend, ServiceEntry> target,
            BooleanSupplier over,
            Clock clock)
            throws IOException {
        var seen = target.observe();
        var backends = new Table<Frontend, BackendSet>("kept backends");
        var kept =
                Derivation.into(backends).fromAll(declared).startWhole(() -> KeptPlan.backends(seen, names(declared)));
        var remote = new Table<RemoteService, MeshService>("no remote services");
        var paths = new Table<IpAddress, Path>("no paths");
        remote.markInitialized();
        paths.markInitialized();
        var services = new Table<ServiceName, ServedService>("kept services");
        var inputs = new ServiceDerivations.Inputs(
                in.self(),
                in.services(),
                in.slices(),
                in.namespaces(),
                remote,
                paths,
                in.nodeAddresses(),
                in.zone(),
                backends);
        var served = ServiceDerivations.served(inputs, services);
        var rows = new Table<Frontend, ServiceEntry>("kept frontends");
        var frontends = ServiceDerivations.frontends(services, rows);
        var reconciler = new Reconciler<>(
                        rows, new Until<>(target, over), FULL_PASS, clock, RandomGenerator.getDefault())
                .start();
        return new KeptServices(kept, served, frontends, reconciler);
    }

    private static Map<Integer, ClusterName> names(Table<ClusterName, PeerDeclaration> declared) {
        var names = new HashMap<Integer, ClusterName>();
        declared.snapshot().values().forEach(peer -> names.put(peer.id().value(), peer.name()));
        return names;
    }

    /** Whether the maps are what is known. */
    public boolean applied() {
        return reconciler.applied().initialized();
    }

    @Override
    public void close() {
        reconciler.close();
        frontends.close();
        served.close();
        kept.close();
    }

    /** A target that takes no more when it is over. */
    private record Until<K, V>(Target<K, V> target, BooleanSupplier over) implements Target<K, V> {
        @Override
        public Map<K, V> observe() throws IOException {
            return target.observe();
        }

        @Override
        public void put(K key, V value) throws IOException {
            if (!over.getAsBoolean()) {
                target.put(key, value);
            }
        }

        @Override
        public void remove(K key) throws IOException {
            if (!over.getAsBoolean()) {
                target.remove(key);
            }
        }
    }
}

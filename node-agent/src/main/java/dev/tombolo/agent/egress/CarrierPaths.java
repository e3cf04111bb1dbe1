package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.carrier.CarrierProber;
import dev.tombolo.agent.egress.carrier.CarrierProber.Way;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.carrier.PathSizesPlan;
import dev.tombolo.agent.egress.failover.Probe;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.probe.UnderlayRoom;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much the ways under the carriers take: as measured in the tunnel, and where there is none, by the carriers. */
final class CarrierPaths implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CarrierPaths.class);

    private final NodeId self;
    private final MeshTables mesh;
    private final EgressTables tables;
    private final Derivation<?, ?> derivation;
    /** Ends the measuring; nothing where nobody can. */
    private final Runnable stopMeasuring;

    /**
     * Begins to measure.
     *
     * @param carriers that are there
     * @param probes how gateways are asked by them
     * @param underlay what the network under them takes
     */
    CarrierPaths(
            NodeId self,
            MeshTables mesh,
            EgressTables tables,
            Table<String, Carrier> carriers,
            Supplier<Map<NodeId, Probe>> probes,
            Supplier<UnderlayRoom> underlay) {
        this.self = self;
        this.mesh = mesh;
        this.tables = tables;
        derivation = Derivation.into(tables.sizes)
                .fromAll(mesh.measures)
                .fromAll(mesh.kubeNodes)
                .fromAll(mesh.ownTunnel)
                .fromAll(tables.measures)
                .fromAll(tables.neighbours)
                .startWhole(() -> Map.of(MeshTables.OWN, sizes()));
        stopMeasuring = measure(() -> ways(probes.get(), carriers), underlay);
    }

    /** Packets are carried whether anybody can measure or not. */
    private Runnable measure(Supplier<Map<NodeId, Way>> ways, Supplier<UnderlayRoom> underlay) {
        try {
            return CarrierProber.start(ways, tables.measures, underlay);
        } catch (NetlinkException failure) {
            LOG.error("ways to egress gateways cannot be measured: {}", failure.getMessage());
            return () -> {};
        }
    }

    private Map<NodeId, Way> ways(Map<NodeId, Probe> probes, Table<String, Carrier> carriers) {
        var ways = new HashMap<NodeId, Way>();
        var devices = carriers.snapshot();
        probes.forEach((gateway, probe) -> {
            if (gateway.cluster().equals(self.cluster())) {
                devices.get(probe.device())
                        .flatMap(carrier -> carrier.end().map(end -> new Way(probe, carrier.mtu(), end)))
                        .ifPresent(way -> ways.put(gateway, way));
            }
        });
        return ways;
    }

    private PathSizes sizes() {
        var measured = new HashMap<>(mesh.measures.snapshot().toMap());
        measured.putAll(tables.measures.snapshot().toMap());
        return mesh.ownTunnel
                .snapshot()
                .get(MeshTables.OWN)
                .map(tunnel -> PathSizesPlan.sizes(
                        measured, self, mesh.kubeNodes.snapshot().values().toList(), tables.neighbours(), tunnel.mtu()))
                .orElse(PathSizes.AMPLE);
    }

    @Override
    public void close() {
        stopMeasuring.run();
        derivation.close();
    }
}

package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.EgressOnDemand.Means;
import dev.tombolo.agent.egress.EgressOnDemand.Node;
import dev.tombolo.agent.egress.FloatingAddresses.Ownership;
import dev.tombolo.agent.egress.failover.Claim;
import dev.tombolo.agent.egress.failover.ClaimPlan;
import dev.tombolo.agent.egress.failover.Failover;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.egress.ProbeAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The chain from who holds which floating address to the devices of this node, and back to what it claims. */
final class FloatingLoops implements AutoCloseable {
    /** An address that is taken off by hand is put back within this time. */
    private static final Duration FULL_PASS = Duration.ofSeconds(10);

    private final Node node;
    private final EgressTables tables;
    private final Fences fences;
    private final Failover failover;
    private final Announcements announcements;
    private final Reconciler<IpAddress, String> loop;
    private final DeposedAddresses deposed;
    private final List<Derivation<?, ?>> derivations = new ArrayList<>();

    /**
     * Starts it.
     *
     * @param carriers that are there
     * @param changed told that the node has other addresses now
     */
    FloatingLoops(
            Node node,
            Means means,
            EgressTables tables,
            Fences fences,
            Table<String, Carrier> carriers,
            Runnable changed)
            throws IOException {
        this.node = node;
        this.tables = tables;
        this.fences = fences;
        var agreement = means.agreement();
        failover = Failover.start(
                new Failover.Means(node.id(), agreement.etcd(), agreement.pace(), agreement.refusals(), means.clock()),
                tables.failover,
                tables.pools);
        announcements = new Announcements(means.netlink());
        var ownership = new Owned();
        var addresses = new FloatingAddresses(means.netlink(), ownership, changed);
        loop = new Reconciler<>(tables.addresses, addresses, FULL_PASS, means.clock(), RandomGenerator.getDefault())
                .start();
        deposed = new DeposedAddresses(fences, addresses, ownership, loop).start();
        derive(carriers);
    }

    private final class Owned implements Ownership {
        @Override
        public boolean isMine(IpAddress address) throws IOException {
            return failover.isMine(address);
        }

        @Override
        public boolean isAnothers(IpAddress address) throws IOException {
            return failover.isAnothers(address);
        }

        @Override
        public void gain(IpAddress address) throws IOException {
            fences.open(address);
        }

        @Override
        public void announce(IpAddress address, String device) {
            announcements.announce(address, device);
        }

        @Override
        public void lose(IpAddress address) throws IOException {
            fences.close(address);
        }
    }

    private void derive(Table<String, Carrier> carriers) {
        derivations.add(Derivation.into(tables.failover.probes)
                .fromAll(tables.program)
                .fromAll(carriers)
                .startWhole(() -> program()
                        .map(program -> probes(program, carriers.snapshot().toMap()))
                        .orElse(Map.of())));
        derivations.add(Derivation.into(tables.addresses)
                .fromAll(tables.program)
                .fromAll(tables.failover.owners)
                .fromAll(tables.network)
                .startWhole(this::addresses));
        derivations.add(Derivation.into(tables.failover.claims)
                .fromAll(tables.program)
                .fromAll(tables.failover.owners)
                .fromAll(tables.network)
                .startWhole(this::claims));
    }

    private Map<NodeId, IpAddress> probes(EgressProgram program, Map<String, Carrier> carriers) {
        var probes = new HashMap<NodeId, IpAddress>();
        for (NodeId gateway : program.askedBy(node.id())) {
            int number = program.gatewayNumber(gateway);
            var carrier = carriers.get(Carrier.toGateway(number));
            if (carrier != null && carrier.source().isPresent()) {
                probes.put(gateway, ProbeAddress.of(number));
            }
        }
        return probes;
    }

    private Map<IpAddress, String> addresses() {
        return program()
                .flatMap(program -> network()
                        .map(network -> FloatingAddressPlan.devices(
                                node.id(),
                                program.floating(),
                                tables.failover.owners.snapshot().toMap(),
                                network)))
                .orElse(Map.of());
    }

    private Map<IpAddress, Claim> claims() {
        return program()
                .flatMap(program -> network()
                        .map(network -> ClaimPlan.claims(
                                node.id(),
                                program.state(),
                                program.decisions(),
                                tables.failover.owners.snapshot().toMap(),
                                program.floating(),
                                network.floating())))
                .orElse(Map.of());
    }

    private Optional<EgressProgram> program() {
        return tables.program.snapshot().get(MeshTables.OWN);
    }

    private Optional<NodeNetwork> network() {
        return tables.network.snapshot().get(MeshTables.OWN);
    }

    Reconciler<IpAddress, String> loop() {
        return loop;
    }

    /** What this node sees of the gateways. */
    GatewaysSeen seen() {
        return new GatewaysSeen(
                failover.isConnected(), tables.failover.answers.snapshot().toMap());
    }

    /** Why nothing is planned, if so. */
    Optional<String> failure() {
        return derivations.stream()
                .flatMap(derivation -> derivation.failure().stream())
                .findFirst()
                .or(failover::failure);
    }

    /** Stops; addresses stay where they are. */
    @Override
    public void close() {
        deposed.close();
        loop.close();
        derivations.forEach(Derivation::close);
        failover.close();
        announcements.close();
    }
}

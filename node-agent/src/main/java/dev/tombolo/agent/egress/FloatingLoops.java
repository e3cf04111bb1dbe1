package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.EgressOnDemand.Means;
import dev.tombolo.agent.egress.EgressOnDemand.Node;
import dev.tombolo.agent.egress.address.Announcements;
import dev.tombolo.agent.egress.address.DeposedAddresses;
import dev.tombolo.agent.egress.address.Fences;
import dev.tombolo.agent.egress.address.FloatingAddressPlan;
import dev.tombolo.agent.egress.address.FloatingAddresses;
import dev.tombolo.agent.egress.address.HeldAddress;
import dev.tombolo.agent.egress.address.HeldAddressPlan;
import dev.tombolo.agent.egress.address.OwnedAddresses;
import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.failover.Claim;
import dev.tombolo.agent.egress.failover.ClaimPlan;
import dev.tombolo.agent.egress.failover.Failover;
import dev.tombolo.agent.egress.failover.GatewaysSeen;
import dev.tombolo.agent.egress.failover.Probe;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.egress.ProbeAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.AddressAnnouncer;
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
import java.util.Set;
import java.util.random.RandomGenerator;

/** The chain from who holds which floating address to the devices of this node, and back to what it claims. */
final class FloatingLoops implements AutoCloseable {
    /** An address that is taken off by hand is put back within this time, should that not be seen before. */
    private static final Duration FULL_PASS = Duration.ofSeconds(10);

    private final Node node;
    private final EgressTables tables;
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
        var agreement = means.agreement();
        failover = Failover.start(
                new Failover.Means(node.id(), agreement.etcd(), agreement.pace(), agreement.refusals(), means.clock()),
                tables.failover,
                tables.pools);
        announcements = new Announcements(means.netlink(), AddressAnnouncer.open());
        var ownership = new OwnedAddresses(fences, failover, announcements);
        var addresses = new FloatingAddresses(means.netlink(), ownership, changed);
        loop = new Reconciler<>(tables.addresses, addresses, FULL_PASS, means.clock(), RandomGenerator.getDefault())
                .start();
        deposed = new DeposedAddresses(fences, addresses, ownership, loop, this::mayFloat, this::allSpeak);
        derive(carriers);
        tables.network.onChange(this::putBack);
    }

    /** What somebody took off by hand; until it is back nothing leaves with it. */
    private void putBack() {
        var there = network().map(NodeNetwork::floating).orElse(Set.of());
        boolean all = loop.applied().snapshot().stream().map(Map.Entry::getKey).allMatch(there::contains);
        if (!all) {
            loop.requestFullPass();
        }
    }

    private void derive(Table<String, Carrier> carriers) {
        derivations.add(Derivation.into(tables.failover.probes)
                .fromAll(tables.program)
                .fromAll(carriers)
                .startWhole(() -> program()
                        .map(program -> probes(program, carriers.snapshot().toMap()))
                        .orElse(Map.of())));
        derivations.add(Derivation.into(tables.failover.mute)
                .fromAll(tables.program)
                .fromAll(tables.failover.agents)
                .startWhole(this::mute));
        derivations.add(Derivation.into(tables.addresses)
                .fromAll(tables.program)
                .fromAll(tables.failover.owners)
                .fromAll(tables.network)
                .startWhole(this::addresses));
        derivations.add(Derivation.into(tables.held)
                .fromAll(tables.program)
                .fromAll(tables.network)
                .fromAll(loop.applied())
                .fromAll(tables.policies)
                .fromAll(tables.pools)
                .startWhole(this::held));
        derivations.add(Derivation.into(tables.failover.claims)
                .fromAll(tables.program)
                .fromAll(tables.failover.owners)
                .fromAll(tables.network)
                .startWhole(this::claims));
    }

    private Map<NodeId, Probe> probes(EgressProgram program, Map<String, Carrier> carriers) {
        var probes = new HashMap<NodeId, Probe>();
        for (NodeId gateway : program.askedBy(node.id())) {
            int number = program.gatewayNumber(gateway);
            String device = Carrier.toGateway(number);
            Optional.ofNullable(carriers.get(device))
                    .filter(Carrier::isAlive)
                    .flatMap(Carrier::source)
                    .ifPresent(source -> probes.put(gateway, new Probe(ProbeAddress.of(number), device, source)));
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

    private Map<IpAddress, HeldAddress> held() {
        return program()
                .flatMap(program -> network()
                        .map(network -> HeldAddressPlan.held(
                                node.id(),
                                program,
                                network,
                                loop.applied().snapshot().toMap().keySet(),
                                tables.policies.snapshot().toMap(),
                                tables.pools.snapshot().toMap())))
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

    /** Whether a pool has the address, or nothing is known of pools yet. */
    private boolean mayFloat(IpAddress address) {
        return program()
                .map(program -> program.state().pools().stream().anyMatch(pool -> pool.contains(address)))
                .orElse(true);
    }

    /** Whether the agents of all other nodes that may have had an address say what they see. */
    private boolean allSpeak() {
        return tables.failover.mute.snapshot().size() == 0;
    }

    private Map<NodeId, Boolean> mute() {
        var mute = new HashMap<NodeId, Boolean>();
        program().ifPresent(program -> program.floatingCandidates().forEach(node -> mute.put(node, true)));
        mute.keySet().removeAll(tables.failover.agents.snapshot().toMap().keySet());
        mute.remove(node.id());
        return mute;
    }

    Reconciler<IpAddress, String> loop() {
        return loop;
    }

    /** What this node sees of the gateways. */
    GatewaysSeen seen() {
        return new GatewaysSeen(
                failover.isConnected(),
                GatewaysSeen.answers(tables.failover.answers.snapshot().toMap()));
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

package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.EgressOnDemand.Node;
import dev.tombolo.agent.egress.attachment.Attachment;
import dev.tombolo.agent.egress.attachment.AttachmentPlan;
import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.carrier.CarrierPlan;
import dev.tombolo.agent.egress.carrier.OutsidePods;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressNumbersFile;
import dev.tombolo.agent.egress.program.EgressPlanning;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.egress.program.KnownOwners;
import dev.tombolo.agent.egress.program.LeavingGateways;
import dev.tombolo.agent.egress.program.NumbersInUse;
import dev.tombolo.agent.egress.rows.AppliedProgram;
import dev.tombolo.agent.egress.rows.KeptInternalRanges;
import dev.tombolo.agent.egress.rows.RowReplan;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.Packed;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is planned on this node, each table from those before it: the program, and of it carriers, rows and where programs are
 * attached. What is known to be carried out is read again, so that nothing is planned on what is not there yet.
 */
final class EgressDerivations implements AutoCloseable {
    private final Node node;
    private final MeshTables mesh;
    private final EgressTables tables;
    private final Table<EgressKey, Packed> appliedRows;
    private final Table<String, Carrier> carriers;
    private final OutsidePods outside = new OutsidePods();
    private final List<Derivation<?, ?>> derivations = new ArrayList<>();

    /**
     * Of one node.
     *
     * @param appliedRows those that are known to be in the kernel
     * @param carriers those that are there
     */
    EgressDerivations(
            Node node,
            MeshTables mesh,
            EgressTables tables,
            Table<EgressKey, Packed> appliedRows,
            Table<String, Carrier> carriers) {
        this.node = node;
        this.mesh = mesh;
        this.tables = tables;
        this.appliedRows = appliedRows;
        this.carriers = carriers;
    }

    /** From policies and pods to what becomes of them. */
    void planProgram(NumbersInUse atStart) {
        var planning = new EgressPlanning(
                EgressNumbersFile.in(node.state()),
                KnownOwners.in(node.state(), node.id().cluster()),
                () -> inUse(atStart));
        var inputs = new EgressInputs(node.id().cluster(), tables, mesh);
        var leaving = new LeavingGateways(node.id(), tables.emptied, System::nanoTime);
        derivations.add(Derivation.into(tables.program)
                .fromAll(tables.policies)
                .fromAll(tables.pods)
                .fromAll(mesh.namespaces)
                .fromAll(mesh.kubeNodes)
                .fromAll(tables.pools)
                .fromAll(tables.failover.health)
                .fromAll(tables.failover.agents)
                .fromAll(tables.failover.owners)
                .fromAll(tables.neighbours)
                .fromAll(tables.emptied)
                .startWhole(() -> Map.of(MeshTables.OWN, leaving.in(program(planning, inputs), atStart.gateways()))));
    }

    private NumbersInUse inUse(NumbersInUse atStart) {
        var applied = appliedRows.snapshot();
        return applied.initialized()
                ? NumbersInUse.of(add -> applied.forEach(row -> add.accept(row.getKey(), row.getValue())))
                : atStart;
    }

    private EgressProgram program(EgressPlanning planning, EgressInputs inputs) {
        var policies = tables.policies.snapshot().values().toList();
        var versions =
                policies.stream().collect(Collectors.toMap(EgressPolicyObject::name, EgressPolicyObject::version));
        return planning.program(inputs.state(policies), tables.neighbours().requests(), versions);
    }

    /** From the program to carriers, rows and attached programs. */
    void carryOut(AppliedProgram carriedOut) {
        derivations.add(Derivation.into(tables.carriers)
                .fromAll(tables.program)
                .fromAll(mesh.kubeNodes)
                .fromAll(mesh.ownTunnel)
                .fromAll(tables.neighbours)
                .startWhole(this::carriers));
        derivations.add(Derivation.into(tables.rows)
                .fromAll(tables.program)
                .fromAll(tables.network)
                .fromAll(carriers)
                .fromAll(mesh.kubeNodes)
                .fromAll(mesh.kubeServices)
                .fromAll(mesh.routed)
                .fromAll(tables.sizes)
                .start(new RowReplan(rowInputs(), carriedOut)));
        derivations.add(Derivation.into(tables.attachments)
                .fromAll(tables.program)
                .fromAll(tables.network)
                .fromAll(carriers)
                .fromAll(appliedRows)
                .startWhole(() -> attachments(devices())));
    }

    /** Those that somebody is behind: a device alone carries nothing. */
    Set<String> devices() {
        return carriers.snapshot().stream()
                .filter(row -> row.getValue().isAlive())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Map<String, Carrier> carriers() {
        var own = mesh.ownTunnel.snapshot().get(MeshTables.OWN);
        var nodes = mesh.kubeNodes.snapshot().values().toList();
        return program()
                .flatMap(program -> own.map(tunnel -> CarrierPlan.carriers(
                        program,
                        node.id(),
                        nodes,
                        tables.neighbours(),
                        new CarrierPlan.Tunnel(tunnel.address(), node.port(), tunnel.mtu(), node.tunnels()),
                        outside)))
                .orElse(Map.of());
    }

    private Supplier<Optional<RowReplan.Inputs>> rowInputs() {
        var internal = new KeptInternalRanges(node.tunnels());
        return () -> program()
                .flatMap(program -> network()
                        .map(network -> new RowReplan.Inputs(
                                node.id(), program, network, devices(), internal(internal, program), sizes())));
    }

    private Set<Prefix> internal(KeptInternalRanges ranges, EgressProgram program) {
        return ranges.ranges(
                mesh.kubeNodes.snapshot().values().toList(),
                program.state().pods(),
                mesh.kubeServices.snapshot().values().toList(),
                mesh.routed.snapshot().values().toList());
    }

    private Map<Attachment, Integer> attachments(Set<String> carriers) {
        return program()
                .flatMap(program ->
                        network().map(network -> AttachmentPlan.attachments(node.id(), program, network, carriers)))
                .orElse(Map.of());
    }

    Optional<EgressProgram> program() {
        return tables.program.snapshot().get(MeshTables.OWN);
    }

    Optional<NodeNetwork> network() {
        return tables.network.snapshot().get(MeshTables.OWN);
    }

    /** Of the ways under the carriers. */
    PathSizes sizes() {
        return tables.sizes.snapshot().get(MeshTables.OWN).orElse(PathSizes.AMPLE);
    }

    /** Empty while they are not known. */
    Set<IpAddress> heldAddresses() {
        return network()
                .map(now ->
                        now.addresses().stream().map(InterfaceAddress::address).collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    /** The addresses of this node's pods. */
    Set<IpAddress> ownPods() {
        return program().stream()
                .flatMap(program -> program.podsOn(node.id()))
                .flatMap(pod -> pod.addresses().stream())
                .collect(Collectors.toSet());
    }

    /** Of ours, in planning: what was carried out before it still is. */
    Optional<String> fault() {
        return derivations.stream()
                .flatMap(derivation -> derivation.failure().stream())
                .findFirst();
    }

    /** Stops planning; what is planned stays. */
    @Override
    public void close() {
        derivations.forEach(Derivation::close);
    }
}

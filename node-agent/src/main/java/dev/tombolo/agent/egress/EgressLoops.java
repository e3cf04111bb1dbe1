package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.EgressOnDemand.Means;
import dev.tombolo.agent.egress.EgressOnDemand.Node;
import dev.tombolo.agent.egress.address.Fences;
import dev.tombolo.agent.egress.attachment.AttachedPrograms;
import dev.tombolo.agent.egress.attachment.Attachment;
import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.carrier.CarrierDevices;
import dev.tombolo.agent.egress.connections.ConnectionWatch;
import dev.tombolo.agent.egress.failover.GatewaysSeen;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.kernel.HeldPods;
import dev.tombolo.agent.egress.kernel.KernelEgress;
import dev.tombolo.agent.egress.legs.Duty;
import dev.tombolo.agent.egress.legs.LegDutyPlan;
import dev.tombolo.agent.egress.legs.LegReader;
import dev.tombolo.agent.egress.legs.LegWatch;
import dev.tombolo.agent.egress.legs.LegWorks;
import dev.tombolo.agent.egress.load.EgressMeasures;
import dev.tombolo.agent.egress.load.GatewayLoad;
import dev.tombolo.agent.egress.load.LoadReportPlan;
import dev.tombolo.agent.egress.load.LoadWatch;
import dev.tombolo.agent.egress.load.TranslationCollector;
import dev.tombolo.agent.egress.network.NodeNetworkSource;
import dev.tombolo.agent.egress.program.NumbersInUse;
import dev.tombolo.agent.egress.rows.AppliedProgram;
import dev.tombolo.agent.egress.rows.RateLimits;
import dev.tombolo.agent.probe.UnderlayRoom;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.EgressDatapath;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressBucket;
import dev.tombolo.bpf.egress.EgressRateKey;
import dev.tombolo.bpf.egress.NatCollector;
import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.egress.plan.Numbering;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.model.egress.NarrowWays;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Failure;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The chain from policies and pods to the data path of this node. Carriers are made first, rows are written as soon as
 * there is something that they lead to, and programs are attached when all rows are there.
 */
final class EgressLoops implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    /** A user-space WireGuard that was restarted empty is noticed within this time. */
    private static final Duration CARRIER_PASS = Duration.ofSeconds(1);

    private static final Path SETTINGS = Path.of("/proc/sys/net");

    private final Node node;
    private final EgressTables tables;
    private final Clock clock;
    private final NodeNetworkSource network;
    private final TranslationCollector collector;
    private final LoadWatch load;
    private final HeldPodWatch heldPods;
    private final FlowWatch flows;
    private final ConnectionWatch connections;
    private final BpfMap<EgressRateKey, EgressBucket> buckets;
    private final EgressDerivations planned;
    private final Map<String, Reconciler<?, ?>> reconcilers = new TreeMap<>();
    private final Reconciler<EgressKey, Packed> rows;
    private final AppliedProgram carriedOut;
    private final Table<String, Carrier> carriers;
    private final Reconciler<Attachment, Integer> attachments;
    private final FloatingLoops floating;
    private final CarrierPaths paths;
    private final LegWatch legs;

    EgressLoops(Node node, Means means, EgressTables tables, EgressDatapath datapath) throws IOException {
        this.node = node;
        this.tables = tables;
        this.clock = means.clock();
        network = new NodeNetworkSource(means.netlink(), tables.network);
        tables.pods.onChange(network::lookAgain);
        var held = new HeldPods(clock);
        var kernel = new KernelEgress(datapath.maps(), held);
        var found = kernel.observe();
        rows = reconciler(tables.rows, kernel, FULL_PASS);
        carriedOut = new AppliedProgram(rows.applied());
        buckets = datapath.maps().buckets();
        flows = new FlowWatch(node.id(), tables, datapath.maps(), System::nanoTime);
        heldPods = new HeldPodWatch(node.id(), tables, kernel::isHeld, held, rows);
        var devices = new CarrierDevices(means.netlink(), means.backend(), node.key());
        var carriersLoop = reconciler(tables.carriers, devices, CARRIER_PASS);
        carriers = carriersLoop.applied();
        carriers.onChange(network::lookAgain);
        planned = new EgressDerivations(node, means.mesh(), tables, rows.applied(), carriers);
        planned.planProgram(NumbersInUse.of(found::forEach));
        attachments = reconciler(tables.attachments, new AttachedPrograms(datapath, means.netlink()), FULL_PASS);
        var fences = new Fences(datapath.maps().fence());
        connections = new ConnectionWatch(rows.applied(), planned::ownPods, this::steeringNode, datapath.maps());
        attachments.applied().onChange(connections::lookAgain);
        floating = new FloatingLoops(node, means, tables, fences, carriers, network::lookAgain);
        reconcilers.put(tables.addresses.name(), floating.loop());
        planned.carryOut(carriedOut);
        List.of(rows, carriersLoop, attachments).forEach(Reconciler::start);
        network.start();
        heldPods.start();
        flows.start();
        connections.start();
        var translations = new NatCollector(datapath.maps().translations(), NatTimeouts.DEFAULT, System::nanoTime);
        load = new LoadWatch(datapath.maps(), clock);
        collector = new TranslationCollector(translations, fences, planned::heldAddresses, load).start();
        paths = new CarrierPaths(
                node.id(),
                means.mesh(),
                tables,
                carriers,
                () -> tables.failover.probes.snapshot().toMap(),
                () -> UnderlayRoom.of(means.netlink()));
        var works = new LegWorks(rows, attachments, means.podStart());
        var reader = new LegReader(means.netlink(), means.backend(), node.key().publicKey(), SETTINGS, clock);
        legs = new LegWatch(() -> duty(works), reader, clock).start();
    }

    private <K extends Comparable<? super K>, V> Reconciler<K, V> reconciler(
            Table<K, V> desired, Target<K, V> target, Duration pass) {
        var reconciler = new Reconciler<>(desired, target, pass, clock, RandomGenerator.getDefault());
        reconcilers.put(desired.name(), reconciler);
        return reconciler;
    }

    private Optional<Duty> duty(LegWorks works) {
        return planned.program()
                .flatMap(program -> planned.network()
                        .map(network -> LegDutyPlan.duty(node.id(), program, network, seen(), works.now())));
    }

    /** The addresses of this node, once its packets are steered as the rows say. */
    private Set<IpAddress> steeringNode() {
        return attached() && carriedOut.now().isPresent() ? planned.heldAddresses() : Set.of();
    }

    private GatewaysSeen seen() {
        return floating.seen().withSizes(planned.sizes().gateways());
    }

    /** To gateways of this cluster. */
    NarrowWays narrowWays() {
        return planned.sizes().narrowWays(node.id().cluster());
    }

    /** Of this node, as they were looked at last. */
    NodeLegs legs() {
        return legs.seen();
    }

    /** Whether the programs of this version watch every device that they should. */
    boolean attached() {
        return attachments.applied().initialized() && attachments.failures().isEmpty();
    }

    /** Of what is carried out; where something fails, of what should be. */
    List<EgressProgrammed> report() {
        var failure = failure();
        return (failure.isPresent() ? planned.program() : carriedOut.now())
                .flatMap(program -> planned.network()
                        .map(network -> EgressReportPlan.report(
                                node.id(), program, network, planned.devices(), seen(), failure))
                        .map(report -> LoadReportPlan.with(load.now(), report, node.id(), program)))
                .orElse(List.of());
    }

    GatewayLoad load() {
        return load.now();
    }

    /** By the names that policies have now. */
    EgressMeasures measures() {
        var policies =
                planned.program().map(program -> program.numbers().policies()).orElse(Numbering.none());
        return EgressMeasures.of(load(), policies);
    }

    /** Packets beyond the limits of policies. */
    Map<String, Long> limited() throws IOException {
        var program = planned.program();
        return program.isPresent() ? RateLimits.dropped(program.get(), buckets) : Map.of();
    }

    /** Connections that the kernel had to forget, by why. */
    Map<String, Long> forgotten() {
        return connections.forgotten();
    }

    /** Of what concerns every policy. */
    private Optional<String> failure() {
        return fault().or(this::refusal);
    }

    /** Of ours, in planning: what was carried out before it still is. */
    Optional<String> fault() {
        return planned.fault();
    }

    private Optional<String> refusal() {
        return Stream.<Reconciler<?, ?>>of(rows, attachments)
                .flatMap(loop -> loop.failures().values().stream())
                .map(Failure::reason)
                .findFirst()
                .or(floating::failure)
                .or(network::failure)
                .or(heldPods::failure)
                .or(() -> attached() ? Optional.empty() : Optional.of("Pending: programs are not attached yet"));
    }

    Map<String, Reconciler<?, ?>> reconcilers() {
        return Collections.unmodifiableMap(reconcilers);
    }

    /** Stops planning and applying; what is applied stays. */
    @Override
    public void close() {
        legs.close();
        paths.close();
        network.close();
        heldPods.close();
        flows.close();
        connections.close();
        collector.close();
        floating.close();
        reconcilers.values().forEach(Reconciler::close);
        planned.close();
    }
}

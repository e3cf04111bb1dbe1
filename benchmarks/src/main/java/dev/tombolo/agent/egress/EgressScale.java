package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.carrier.CarrierPlan;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.kernel.HeldPods;
import dev.tombolo.agent.egress.kernel.KernelEgress;
import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.egress.podstart.PodStartHook;
import dev.tombolo.agent.egress.podstart.PodStartUpkeep;
import dev.tombolo.agent.egress.program.EgressNumbersFile;
import dev.tombolo.agent.egress.program.EgressPlanning;
import dev.tombolo.agent.egress.program.KnownOwners;
import dev.tombolo.agent.egress.program.NumbersInUse;
import dev.tombolo.agent.egress.rows.EgressRowPlan;
import dev.tombolo.agent.egress.rows.KeptInternalRanges;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.mesh.Refusals;
import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.kernel.EgressSandbox;
import dev.tombolo.benchmarks.kernel.MapMemory;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.table.Table;
import dev.tombolo.wireguard.PrivateKey;
import dev.tombolo.wireguard.WireGuardBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One process's way from pods and policies to the maps of a gateway: {@code EgressScale POLICIES STATE PODS} prints one line
 * for {@link dev.tombolo.benchmarks.egress.ScaleBenchmark}; with {@code once} behind it, it does what an agent does and keeps
 * nothing besides, to see whether its heap is large enough. It is in the package of the loops to run them as the agent does. They
 * attach programs to all devices of the network namespace, which must be of this process alone.
 */
public final class EgressScale {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int CHANGES = 3;
    private static final int LAST_POD_OF_A_NODE = 249;
    private static final int MTU = 1_420;
    private static final int TUNNEL_PORT = 51_871;

    private final ManyPods shape;
    private final EgressTables tables = new EgressTables();
    private final MeshTables mesh = new MeshTables();
    private final Path state;

    private EgressScale(ManyPods shape, Path state) {
        this.shape = shape;
        this.state = state;
    }

    public static void main(String[] words) throws IOException {
        var shape = new ManyPods(Integer.parseInt(words[0]), Integer.parseInt(words[2]));
        new EgressScale(shape, Path.of(words[1])).run(words.length > 3);
        System.exit(0);
    }

    private void run(boolean once) throws IOException {
        shape.fill(tables, mesh);
        try (var sandbox = EgressSandbox.open();
                var netlink = Netlink.open()) {
            var loops = new EgressLoops(node(), means(sandbox, netlink), tables, sandbox.datapath());
            await("the node's network", () -> tables.network.initialized());
            double cpuBefore = cpuMillis();
            double cold = timed(() -> {
                shape.publishPolicies(tables);
                await("all rows in the kernel", () -> isApplied(loops));
            });
            print("total_ms", cold);
            if (once) {
                settle(loops, sandbox);
                return;
            }
            verify(sandbox);
            print("cpu_ms", cpuMillis() - cpuBefore);
            var memory = MapMemory.ofThisProcess();
            print("rows", tables.rows.snapshot().size());
            print("policy_bytes", memory.ofRows());
            print("connection_bytes", memory.ofConnections());
            print("change_ms", medianOf(change -> change(loops, change)));
            print("policy_ms", medianOf(change -> changePolicy(loops, change)));
            print("death_ms", medianOf(_ -> kill(loops)));
            print("warm_ms", again(loops));
            System.gc();
            var runtime = Runtime.getRuntime();
            print("heap_bytes", runtime.totalMemory() - runtime.freeMemory());
            loops.close();
        }
        phases();
        System.out.println();
    }

    /** Changes of all kinds, and a pass over all rows that finds one missing. */
    private void settle(EgressLoops loops, EgressSandbox sandbox) throws IOException {
        print("change_ms", medianOf(change -> change(loops, change)));
        print("policy_ms", medianOf(change -> changePolicy(loops, change)));
        print("death_ms", medianOf(_ -> kill(loops)));
        var group = new EgressGroupKey(1);
        var groups = sandbox.datapath().maps().groups();
        groups.delete(group);
        loops.reconcilers().get(tables.rows.name()).requestFullPass();
        await("a row that was lost", () -> isThere(groups, group));
    }

    private static boolean isThere(BpfMap<EgressGroupKey, EgressGroup> groups, EgressGroupKey group) {
        try {
            return groups.lookup(group).isPresent();
        } catch (BpfException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Of all threads of this process, those that compile and collect too. */
    private static double cpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** At once: a process whose heap is too small ends in the middle of it. */
    private static void print(String figure, double value) {
        System.out.printf(Locale.ROOT, "%s=%.1f ", figure, value);
        System.out.flush();
    }

    private static double medianOf(IntToDoubleFunction change) {
        var took = new ArrayList<Double>();
        for (int number = 1; number <= CHANGES; number++) {
            took.add(change.applyAsDouble(number));
        }
        return Figures.of(took).median();
    }

    private double changePolicy(EgressLoops loops, int change) {
        return timed(() -> {
            var range = shape.changePolicy(tables, change);
            var row = new EgressKey.Rule(EgressRuleKey.UNION, range);
            await("a changed policy", () -> applied(loops).snapshot().get(row).isPresent());
        });
    }

    /** Of the gateway that has half of the slots; then it comes back. */
    private double kill(EgressLoops loops) {
        var group = new EgressKey.Group(1);
        var both = applied(loops).snapshot().get(group);
        double took = timed(() -> {
            tables.failover.health.put(ManyPods.OTHER_GATEWAY, GatewayHealth.DEAD);
            await(
                    "all slots of one gateway",
                    () -> !applied(loops).snapshot().get(group).equals(both));
        });
        tables.failover.health.put(ManyPods.OTHER_GATEWAY, GatewayHealth.ALIVE);
        await("the slots of both", () -> applied(loops).snapshot().get(group).equals(both));
        return took;
    }

    /** All rows once more, with code that is compiled by now. */
    private double again(EgressLoops loops) {
        tables.policies.replaceAll(Map.of());
        await("no pod's row", () -> applied(loops).snapshot().size() < shape.pods());
        return timed(() -> {
            shape.publishPolicies(tables);
            await("all rows in the kernel", () -> isApplied(loops));
        });
    }

    private EgressOnDemand.Node node() {
        return new EgressOnDemand.Node(ManyPods.GATEWAY, PrivateKey.generate(), TUNNEL_PORT, ManyPods.TUNNELS, state);
    }

    /** Nobody makes the carrier's device, and no address floats; rows wait for neither. */
    private EgressOnDemand.Means means(EgressSandbox sandbox, Netlink netlink) {
        var backend = new WireGuardBackend.Userspace(state, "nothing is carried");
        var agreement = new EgressOnDemand.Agreement(
                () -> {
                    throw new KvException(KvException.Kind.UNREACHABLE, "no etcd is needed here");
                },
                FollowPace.DEFAULT,
                new Refusals());
        // Never asked to look, so that nothing is said of how pods start.
        var podStart = new PodStartUpkeep(new PodStartHook(state, state, state, state), Clock.systemUTC());
        return new EgressOnDemand.Means(
                null, () -> true, mesh, sandbox.options(), backend, netlink, podStart, agreement, Clock.systemUTC());
    }

    private boolean isApplied(EgressLoops loops) {
        var applied = applied(loops).snapshot();
        return tables.rows.initialized()
                && applied.size() > shape.pods()
                && applied.size() == tables.rows.snapshot().size();
    }

    @SuppressWarnings("unchecked")
    private Table<EgressKey, Packed> applied(EgressLoops loops) {
        return (Table<EgressKey, Packed>)
                loops.reconcilers().get(tables.rows.name()).applied();
    }

    private void verify(EgressSandbox sandbox) throws IOException {
        int held = sandbox.datapath().maps().sources().count();
        if (held != shape.pods()) {
            throw new IllegalStateException("the kernel holds " + held + " pods");
        }
    }

    private double change(EgressLoops loops, int change) {
        int pod = LAST_POD_OF_A_NODE;
        var gone = IpAddress.parse("10.0.0.0").plus(pod + change);
        return timed(() -> {
            var address = shape.replace(tables, pod, change);
            await("a changed pod", () -> {
                var rows = applied(loops).snapshot();
                return rows.get(new EgressKey.Source(address)).isPresent()
                        && rows.get(new EgressKey.Source(gone)).isEmpty();
            });
        });
    }

    /** The parts of it by themselves, with code that is compiled by now. */
    private void phases() throws IOException {
        phases((phase, millis) -> print(phase + "_ms", millis));
    }

    private void phases(BiConsumer<String, Double> took) throws IOException {
        var directory = Files.createTempDirectory(state, "numbers");
        var numbers = EgressNumbersFile.in(directory);
        var owners = KnownOwners.in(directory, ManyPods.GATEWAY.cluster());
        var planning = new EgressPlanning(numbers, owners, () -> NumbersInUse.of(_ -> {}));
        var nodes = mesh.kubeNodes.snapshot().values().toList();
        var network = tables.network.snapshot().get(MeshTables.OWN).orElseThrow();
        var program = timed("decide", took, () -> planning.program(state(), List.of(), versions()));
        var tunnel = new CarrierPlan.Tunnel(Optional.empty(), TUNNEL_PORT, MTU, ManyPods.TUNNELS);
        timed("carriers", took, () -> CarrierPlan.carriers(program, ManyPods.GATEWAY, nodes, Neighbours.NONE, tunnel));
        var internal = timed(
                "internal",
                took,
                () -> new KeptInternalRanges(ManyPods.TUNNELS)
                        .ranges(nodes, program.state().pods(), List.of(), List.of()));
        var rows = timed(
                "rows",
                took,
                () -> EgressRowPlan.rows(ManyPods.GATEWAY, program, network, Set.of(), internal, PathSizes.AMPLE));
        var table = new Table<EgressKey, Packed>("rows");
        timed("table", took, () -> {
            table.replaceAll(rows);
            return table;
        });
        try (var sandbox = EgressSandbox.open()) {
            var kernel = new KernelEgress(sandbox.datapath().maps(), new HeldPods(Clock.systemUTC()));
            var failures = timed("write", took, () -> kernel.change(Set.of(), rows));
            if (!failures.isEmpty()) {
                throw new IllegalStateException(
                        "rows were refused: " + failures.values().iterator().next());
            }
        }
    }

    private EgressState state() {
        return new EgressInputs(ManyPods.GATEWAY.cluster(), tables, mesh)
                .state(tables.policies.snapshot().values().toList());
    }

    private Map<String, EgressPolicyObject.Version> versions() {
        return tables.policies
                .snapshot()
                .values()
                .collect(Collectors.toMap(EgressPolicyObject::name, EgressPolicyObject::version));
    }

    private static <T> T timed(String phase, BiConsumer<String, Double> took, Supplier<T> what) {
        long begin = System.nanoTime();
        T made = what.get();
        took.accept(phase, (System.nanoTime() - begin) / 1e6);
        return made;
    }

    private static double timed(Runnable what) {
        long begin = System.nanoTime();
        what.run();
        return (System.nanoTime() - begin) / 1e6;
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + LONGEST_WAIT + " for " + what + " in vain");
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}

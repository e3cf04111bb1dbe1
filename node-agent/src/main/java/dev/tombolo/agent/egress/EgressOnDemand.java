package dev.tombolo.agent.egress;

import dev.tombolo.agent.api.Flows;
import dev.tombolo.agent.egress.address.HeldAddress;
import dev.tombolo.agent.egress.flow.FlowHistory;
import dev.tombolo.agent.egress.flow.FlowReader;
import dev.tombolo.agent.egress.load.EgressMeasures;
import dev.tombolo.agent.egress.load.LoadPlan;
import dev.tombolo.agent.egress.podstart.PodStartCondition;
import dev.tombolo.agent.egress.podstart.PodStartUpkeep;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.mesh.Refusals;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.EgressDatapath;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.kube.object.MeshNodeObject.Problem;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.kube.source.KubeSources;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.NarrowWays;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import dev.tombolo.wireguard.PrivateKey;
import dev.tombolo.wireguard.WireGuardBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Egress policies are always watched; what carries them out is started with the first of them, or where an agent before
 * has left it in the kernel, so that a node without policies spends nothing on them.
 */
public final class EgressOnDemand implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EgressOnDemand.class);

    /** What a kernel refuses it will refuse again, and each attempt costs it a verification. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * This node.
     *
     * @param port of its tunnel
     * @param tunnels where the tunnel addresses of the cluster are
     * @param state a directory that outlives the agent
     */
    public record Node(NodeId id, PrivateKey key, int port, Prefix tunnels, Path state) {}

    /** Whose kind the policies are. */
    @FunctionalInterface
    public interface PolicyKind {
        /** Where Cilium has defined it, Cilium carries the policies out. */
        boolean isOurs() throws IOException;
    }

    /** What the loops are made of. */
    public record Means(
            KubeSources kube,
            PolicyKind kind,
            MeshTables mesh,
            DatapathOptions options,
            WireGuardBackend backend,
            Netlink netlink,
            PodStartUpkeep podStart,
            Agreement agreement,
            Clock clock) {}

    /** The cluster's own etcd: by it agents agree among themselves, and there they find what peers say. */
    public record Agreement(StoreSource etcd, FollowPace pace, Refusals refusals) {}

    private final Node node;
    private final Means means;
    private final Consumer<Invalid> invalid;
    private final EgressTables tables = new EgressTables();
    private final FlowNaming naming;
    private final FlowHistory flows;
    private final KubeSource policies;
    private final NeighbourLoops neighbours;
    private final List<AutoCloseable> started = new ArrayList<>();
    private Instant nextAttempt = Instant.MIN;
    private Optional<KubeSource> pools = Optional.empty();
    private volatile boolean wanted;
    private volatile Optional<EgressLoops> loops = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();

    public EgressOnDemand(Node node, Means means, Consumer<Invalid> invalid) {
        this.node = node;
        this.means = means;
        this.invalid = invalid;
        naming = new FlowNaming(node.id().name(), tables, means.clock());
        flows = new FlowHistory(naming);
        policies = means.kube().egressPolicies(tables.policies, invalid);
        var etcd = means.agreement();
        neighbours = new NeighbourLoops(means.mesh(), tables, etcd.etcd(), etcd.pace(), means.clock());
    }

    /** To be called again and again. */
    public void settle() {
        // Before the kind is there, there is no pool.
        pools.filter(KubeSource::kindIsMissing).ifPresent(_ -> tables.pools.markInitialized());
        if (loops.isPresent()) {
            means.podStart().settle();
            return;
        }
        if (isNotWanted()) {
            tables.held.markInitialized();
        }
        if (means.clock().instant().isBefore(nextAttempt)) {
            return;
        }
        if (EgressDatapath.isThere(means.options().bpffs())
                || tables.policies.snapshot().size() > 0
                || !tables.neighbours().requests().isEmpty()) {
            attempt();
        }
    }

    /** As far as is known: nobody asks for anything, and nothing was left by an agent before. */
    private boolean isNotWanted() {
        return (tables.policies.initialized() || policies.kindIsMissing())
                && !EgressDatapath.isThere(means.options().bpffs())
                && tables.policies.snapshot().size() == 0;
    }

    private void attempt() {
        nextAttempt = means.clock().instant().plus(PATIENCE);
        try {
            wanted = wanted
                    || EgressDatapath.isThere(means.options().bpffs())
                    || means.kind().isOurs();
            if (wanted) {
                start();
            } else {
                tables.held.markInitialized();
            }
            failure = Optional.empty();
        } catch (IOException | RuntimeException cannot) {
            // A fault of ours must not end the thread that reports and attaches everything else: it is shown like the
            // rest.
            close(started);
            if (failure.isEmpty()) {
                LOG.warn("egress policies cannot be carried out: {}", cannot.getMessage());
            }
            failure = Optional.of(String.valueOf(cannot.getMessage()));
            // Who cannot carry out policies cannot say either that an address is its own.
            tables.held.markInitialized();
        }
    }

    private void start() throws IOException {
        var datapath = EgressDatapath.open(means.options());
        started.add(datapath);
        var addresses = means.kube().egressPools(tables.pools, invalid);
        started.add(addresses);
        pools = Optional.of(addresses);
        var pods = means.kube().egressPods(tables.pods, invalid);
        started.add(pods);
        showFlows(datapath);
        loops = Optional.of(new EgressLoops(node, means, tables, datapath));
        LOG.info("egress policies are carried out");
    }

    /** What is only shown must not keep policies from being carried out. */
    private void showFlows(EgressDatapath datapath) {
        try {
            started.add(new FlowReader(datapath.events(), naming, flows, means.clock()).start());
        } catch (IOException refused) {
            LOG.warn("flows of egress policies are not shown: {}", refused.getMessage());
        }
    }

    /** Whether nothing of another version's egress programs is needed any more. */
    public boolean settled() {
        boolean none = !wanted && (tables.policies.initialized() || policies.kindIsMissing());
        return loops.map(EgressLoops::attached).orElse(none);
    }

    /** Why policies cannot be carried out at all. */
    public Optional<String> failure() {
        return failure.or(() -> loops.flatMap(EgressLoops::fault));
    }

    /** What the data path told of flows lately. */
    public Flows flows() {
        return flows;
    }

    /** The egress addresses that this node serves now; initialized once no other can be among them. */
    public Table<IpAddress, HeldAddress> held() {
        return tables.held;
    }

    /** What this node does for policies. */
    public List<EgressProgrammed> report() {
        return loops.map(EgressLoops::report).orElse(List.of());
    }

    /** What this node sees of its legs. */
    public NodeLegs legs() {
        return loops.map(EgressLoops::legs).orElse(NodeLegs.NONE);
    }

    /** What this node tells gateways of its cluster of the ways to them. */
    public NarrowWays narrowWays() {
        return loops.map(EgressLoops::narrowWays).orElse(NarrowWays.NONE);
    }

    /** How loaded the gateway is, where this node may be one. */
    public Optional<EgressMeasures> measures() {
        return loops.map(EgressLoops::measures);
    }

    /**
     * What is or will soon be exhausted.
     *
     * @param setting of the size of a map
     */
    public List<Problem> shortages(UnaryOperator<String> setting) {
        return loops.map(running -> LoadPlan.problems(running.load(), setting)).orElse(List.of());
    }

    /** Packets that were dropped because they were beyond the limit of a policy. */
    public Map<String, Long> limited() throws IOException {
        return loops.isPresent() ? loops.get().limited() : Map.of();
    }

    /** Connections that the kernel had to forget because policies have changed, by why. */
    public Map<String, Long> forgotten() {
        return loops.map(EgressLoops::forgotten).orElse(Map.of());
    }

    /** How pods start, once that is known. */
    public List<Condition> conditions() {
        return means.podStart().looked()
                ? List.of(PodStartCondition.of(means.podStart().missing()))
                : List.of();
    }

    public Map<String, Reconciler<?, ?>> reconcilers() {
        return loops.map(EgressLoops::reconcilers).orElse(Map.of());
    }

    /** Stops; what is in the kernel stays. */
    @Override
    public void close() {
        policies.close();
        neighbours.close();
        loops.ifPresent(EgressLoops::close);
        close(started);
    }

    private static void close(List<AutoCloseable> started) {
        for (var part : started.reversed()) {
            try {
                part.close();
            } catch (Exception failure) {
                LOG.warn("not closed: {}", failure.getMessage());
            }
        }
        started.clear();
    }
}

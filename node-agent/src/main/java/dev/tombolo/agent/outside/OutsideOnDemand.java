package dev.tombolo.agent.outside;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.AnsweredServices;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves clients outside from the first service on that has an address for them, or that another cluster may have answered
 * here, or where an agent before has left the programs in the kernel. A node without such services spends nothing on them.
 */
public final class OutsideOnDemand implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideOnDemand.class);

    /** What a kernel refuses it will refuse again, and each attempt costs it a verification. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MeshTables mesh;
    private final NodeId node;
    private final Acceleration acceleration;
    private final DatapathOptions options;
    private final Netlink netlink;
    private final Clock clock;
    private final boolean servedBefore;
    private final Table<String, Boolean> serving = new Table<>("serving clients outside");
    private Instant nextAttempt = Instant.MIN;
    private volatile Optional<OutsideDatapath> datapath = Optional.empty();
    private volatile Optional<OutsideLoops> loops = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();

    /**
     * @param acceleration of what it hands on to others
     */
    public OutsideOnDemand(
            MeshTables mesh,
            NodeId node,
            Acceleration acceleration,
            DatapathOptions options,
            Netlink netlink,
            Clock clock) {
        this.mesh = mesh;
        this.node = node;
        this.acceleration = acceleration;
        this.options = options;
        this.netlink = netlink;
        this.clock = clock;
        servedBefore = OutsideDatapath.isThere(options.bpffs());
    }

    /** To be called again and again, once the service maps are what they should be. */
    public void settle() {
        if (servedBefore || loops.filter(OutsideLoops::attached).isPresent()) {
            serving.put(MeshTables.OWN, true);
        }
        serving.markInitialized();
        if (loops.isEmpty() && !clock.instant().isBefore(nextAttempt) && isWanted()) {
            nextAttempt = clock.instant().plus(PATIENCE);
            attempt();
        }
    }

    private boolean isWanted() {
        return OutsideDatapath.isThere(options.bpffs())
                || AnswerPlan.isConsented(mesh.meshPeers.snapshot().values().toList())
                || mesh.frontends.snapshot().values().anyMatch(entry -> entry.reach() != Reach.CLUSTER);
    }

    private void attempt() {
        try {
            datapath = Optional.of(OutsideDatapath.open(options));
            loops = Optional.of(new OutsideLoops(mesh, node, acceleration, netlink, datapath.get(), clock));
            failure = Optional.empty();
            LOG.info("clients outside are served");
        } catch (IOException | RuntimeException cannot) {
            // A fault of ours must not end the thread that reports and attaches everything else: it is shown.
            datapath.ifPresent(OutsideDatapath::close);
            if (failure.isEmpty()) {
                LOG.warn("clients outside cannot be served: {}", cannot.getMessage());
            }
            failure = Optional.of(String.valueOf(cannot.getMessage()));
        }
    }

    /** Has a row once packets from outside are looked at; by what an agent before has left will do. */
    public Table<String, Boolean> serving() {
        return serving;
    }

    /** Whether nothing of another version's programs at the uplinks is needed any more. */
    public boolean settled() {
        return loops.map(OutsideLoops::attached).orElseGet(() -> failure.isEmpty() && !isWanted());
    }

    /** Why clients outside are not served as they should be. */
    public Optional<String> failure() {
        return failure.or(() -> loops.flatMap(OutsideLoops::failure));
    }

    /** For which services of other clusters this node answers; empty while that is not known. */
    public Optional<AnsweredServices> answered() {
        return loops.isPresent() ? loops.get().answered() : Optional.empty();
    }

    /** How many connections from outside there were a few seconds ago, by what they came to. */
    public Map<Frontend, Integer> counted() {
        return loops.map(running -> OutsideConnections.named(running.counted())).orElse(Map.of());
    }

    /** How many connections from outside each backend of these frontends has; to count them is to walk through all. */
    public Map<Frontend, Map<SocketEndpoint, Integer>> connections(Collection<Frontend> frontends) throws IOException {
        return loops.isPresent() ? OutsideConnections.of(datapath.orElseThrow().connections(), frontends) : Map.of();
    }

    /** How full the map of connections is, by its name. */
    public Map<String, Datapath.Fill> fill() throws IOException {
        return loops.isPresent()
                ? Map.of(OutsideDatapath.CONNECTIONS, datapath.orElseThrow().fill())
                : Map.of();
    }

    /** Whether connections begin for known clients only. */
    public boolean isCrowded() throws IOException {
        return loops.isPresent() && datapath.orElseThrow().isCrowded();
    }

    public Map<String, Reconciler<?, ?>> reconcilers() {
        return loops.map(OutsideLoops::reconcilers).orElse(Map.of());
    }

    /** Stops; what is in the kernel stays. */
    @Override
    public void close() {
        loops.ifPresent(OutsideLoops::close);
        datapath.ifPresent(OutsideDatapath::close);
    }
}

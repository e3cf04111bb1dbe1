package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.address.HeldAddress;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bgp.bfd.DetectorCounts;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.kube.source.KubeSources;
import dev.tombolo.kube.write.KubeWrites;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks BGP from the first CiliumBGPClusterConfig on, or where an agent before has done so: sessions that nobody asks for any
 * more have to end. A cluster without one spends nothing on it.
 */
public final class BgpOnDemand implements AutoCloseable {
    /** Where Cilium has the passwords of peers. */
    static final String SECRETS = "kube-system";

    private static final Logger LOG = LoggerFactory.getLogger(BgpOnDemand.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * This node.
     *
     * @param run where the speaker's files are, as it sees them too
     * @param bridge the program that the speaker is to start
     */
    public record Node(NodeId id, Path run, Path bridge) {}

    /**
     * What the loops are made of.
     *
     * @param egress the egress addresses that this node serves now
     */
    public record Means(
            KubeSources kube,
            KubeWrites writes,
            MeshTables mesh,
            Table<IpAddress, HeldAddress> egress,
            Served served,
            Netlink netlink,
            Consumer<Invalid> invalid,
            BgpTimes times,
            Clock clock) {}

    /** What BFD says, of the peers that want it and of all. */
    public record Detection(Map<PeerId, BfdStatus> peers, DetectorCounts counts) {}

    private final Node node;
    private final Means means;
    private final BgpTables tables;
    private final KubeSource clusterConfigs;
    private Instant nextAttempt = Instant.MIN;
    private volatile Optional<BgpLoops> loops = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();

    public BgpOnDemand(Node node, Means means) {
        this.node = node;
        this.means = means;
        tables = new BgpTables(means.egress(), means.served());
        clusterConfigs = means.kube().bgp().clusterConfigs(tables.clusterConfigs, means.invalid());
    }

    /** To be called again and again. */
    public void settle() {
        if (loops.isPresent()) {
            settle(loops.get());
            return;
        }
        if (isWanted() && !means.clock().instant().isBefore(nextAttempt)) {
            nextAttempt = means.clock().instant().plus(PATIENCE);
            attempt();
        }
    }

    private boolean isWanted() {
        return tables.clusterConfigs.snapshot().size() > 0 || Files.exists(BgpLoops.configuration(node));
    }

    /** A fault of ours must not end the thread that reports and attaches everything else: it is shown. */
    private void settle(BgpLoops running) {
        try {
            running.settle();
            failure = Optional.empty();
        } catch (RuntimeException fault) {
            if (failure.isEmpty()) {
                LOG.warn("BGP is not settled", fault);
            }
            failure = Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    private void attempt() {
        try {
            // What Cilium has defined, Cilium carries out.
            if (means.writes().bgp().areOurs()) {
                loops = Optional.of(new BgpLoops(node, means, tables));
                LOG.info(
                        "BGP is spoken as {} asks",
                        tables.clusterConfigs.snapshot().toMap().keySet());
            }
            failure = Optional.empty();
        } catch (IOException | RuntimeException cannot) {
            if (failure.isEmpty()) {
                LOG.warn("BGP cannot be spoken: {}", cannot.getMessage());
            }
            failure = Optional.of(String.valueOf(cannot.getMessage()));
        }
    }

    /** Why BGP is not spoken as it should be, whatever routers do. */
    public Optional<String> failure() {
        return failure.or(() -> loops.flatMap(BgpLoops::failure));
    }

    /** What the speaker says of itself; empty while nobody asks for BGP. */
    public Optional<SpeakerStatus> status() {
        return loops.map(BgpLoops::status);
    }

    /** What routers are told, as far as it is asked for. */
    public RoutesView view(RoutesQuestion question) {
        String node = this.node.id().name();
        var problem = failure().orElse("");
        return loops.flatMap(running -> running.view(question, problem))
                .orElseGet(() -> RoutesView.none(node, problem));
    }

    /** Empty while no router is to be watched. */
    public Optional<Detection> detection() {
        return loops.flatMap(BgpLoops::detection);
    }

    /** What sessions with routers need, as this node sees it. */
    public List<Leg> legs() {
        return loops.map(BgpLoops::legs).orElse(List.of());
    }

    public Map<String, Reconciler<?, ?>> reconcilers() {
        return loops.map(BgpLoops::reconcilers).orElse(Map.of());
    }

    /** Stops; sessions and routes stay. */
    @Override
    public void close() {
        clusterConfigs.close();
        loops.ifPresent(BgpLoops::close);
    }
}

package dev.tombolo.agent.wiring;

import dev.tombolo.agent.node.OwnNodePlan;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.service.AnsweredServices;
import dev.tombolo.netlink.nft.ForwardPolicy;
import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.wireguard.PeerState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what the agent knows of itself into its MeshNode, when it changes and as a heartbeat; on its own thread. */
final class StatusReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusReporter.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration CHANGE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private static final Duration FORWARD_INTERVAL = Duration.ofSeconds(10);

    private final Agent agent;
    private final KubeApi kube;
    private final ProblemCollector problems;
    private final Clock clock;
    private final Thread thread;
    private Instant looked = Instant.EPOCH;
    private Instant written = Instant.MIN;
    private Object shown = "";
    private String lastFailure = "";
    private ForwardPolicy forward = new ForwardPolicy.Accept();
    private Instant forwardRead = Instant.EPOCH;
    private volatile MeshNodeObject.Status status = MeshNodeObject.Status.EMPTY;

    StatusReporter(Agent agent, KubeApi kube, Clock clock) {
        this.agent = agent;
        this.kube = kube;
        this.problems = new ProblemCollector(agent);
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("status").unstarted(this::run);
    }

    StatusReporter start() {
        thread.start();
        return this;
    }

    MeshNodeObject.Status status() {
        return status;
    }

    private void run() {
        try {
            while (true) {
                agent.clusters.settle();
                agent.bridge();
                agent.attach();
                report();
                agent.awaitAttachable(TICK);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void report() {
        Instant now = clock.instant();
        if (now.isBefore(looked.plus(CHANGE_INTERVAL)) && agent.ready() == status.ready()) {
            return;
        }
        looked = now;
        try {
            publishFacts();
            status = current(now);
            Object seen = List.of(
                    status.ready(),
                    status.clusters(),
                    status.errors(),
                    status.globalServices(),
                    status.egress().stream().map(EgressProgrammed::noticeable).toList(),
                    status.conditions(),
                    status.legs(),
                    status.wireguard().peers().size());
            if (!seen.equals(shown) || now.isAfter(written.plus(HEARTBEAT))) {
                kube.writes().statuses().meshNode(agent.settings.node(), status);
                shown = seen;
                written = now;
            }
            lastFailure = "";
        } catch (IOException | RuntimeException failure) {
            if (!lastFailure.equals(failure.getMessage())) {
                LOG.warn("status not written: {}", failure.getMessage());
            }
            lastFailure = String.valueOf(failure.getMessage());
        }
    }

    private void publishFacts() throws IOException {
        var own = agent.tables.kubeNodes.snapshot().get(agent.settings.node());
        if (own.isPresent()) {
            var ways = agent.egress.narrowWays();
            var answered = agent.outside.answered();
            var missing =
                    OwnNodePlan.annotations(own.get(), agent.device.publicKey(), agent.settings.port(), ways, answered);
            if (!missing.isEmpty()) {
                kube.writes().nodes().annotate(agent.settings.node(), missing);
                LOG.info(
                        "published key={} port={} narrow ways={} answers for={}",
                        agent.device.publicKey(),
                        agent.settings.port(),
                        ways,
                        answered.map(AnsweredServices::toString).orElse("as before"));
            }
        }
    }

    private MeshNodeObject.Status current(Instant now) throws IOException {
        var peers = peers();
        var maps = agent.fill().entrySet().stream()
                .map(map -> new MeshNodeObject.MapUse(
                        map.getKey(), map.getValue().entries(), map.getValue().capacity()))
                .toList();
        return new MeshNodeObject.Status(
                        agent.settings.version(),
                        agent.ready(),
                        new MeshNodeObject.WireGuard(
                                agent.device.backend(),
                                agent.device.publicKey().base64(),
                                agent.settings.port(),
                                peers),
                        ClusterReport.of(agent),
                        (int) agent.tables
                                .services
                                .snapshot()
                                .values()
                                .filter(ServedService::global)
                                .count(),
                        maps,
                        agent.egress.report(),
                        problems.all(peers, maps, forward(), now),
                        Optional.of(now),
                        agent.egress.conditions())
                .withLegs(agent.egress.legs().with(agent.bgp.legs()));
    }

    private List<MeshNodeObject.Peer> peers() {
        Map<WireGuardKey, PeerState> traffic;
        try {
            traffic = agent.device.states();
        } catch (IOException shownByTheDeviceLoop) {
            traffic = Map.of();
        }
        var rows = new ArrayList<MeshNodeObject.Peer>();
        for (var row : agent.tables.peers.snapshot()) {
            var seen = Optional.ofNullable(traffic.get(row.getKey()));
            var node = row.getValue().node();
            rows.add(new MeshNodeObject.Peer(
                    node.cluster().value(),
                    node.name(),
                    row.getValue().endpoint().toString(),
                    seen.flatMap(PeerState::lastHandshake),
                    seen.map(PeerState::rxBytes).orElse(0L),
                    seen.map(PeerState::txBytes).orElse(0L)));
        }
        return rows;
    }

    /** Asked now and then only: it takes processes. */
    private ForwardPolicy forward() {
        Instant now = clock.instant();
        if (now.isAfter(forwardRead.plus(FORWARD_INTERVAL))) {
            forwardRead = now;
            forward = ForwardPolicy.check(HostCommand.here(), agent.settings.device());
        }
        return forward;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

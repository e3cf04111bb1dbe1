package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.network.NodeNetworkSource;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bgp.bfd.BfdClient;
import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.process.BfdProcess;
import dev.tombolo.bgp.exabgp.ConfigCheck;
import dev.tombolo.bgp.exabgp.ExabgpSpeaker;
import dev.tombolo.bgp.exabgp.StartCommand;
import dev.tombolo.bgp.plan.Audience;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.Speaker;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.source.BgpSecrets;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.reconciler.loop.Failure;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The chain from Cilium's kinds to a speaker, and from what it says back to a status. */
final class BgpLoops implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofMinutes(1);

    private final BgpOnDemand.Node node;
    private final BgpOnDemand.Means means;
    private final BgpTables tables;
    private final List<KubeSource> sources;
    private final NodeNetworkSource network;
    private final Speaker speaker;
    private final Liveness liveness;
    private final BgpDerivations derivations;
    private final WithdrawalTimes withdrawals;
    private final RouterProbes probes;
    private final Reconciler<String, PlannedPeers> sessions;
    private final Reconciler<RouteKey, PathAttributes> routes;
    private final Reconciler<String, BgpNodeConfigObject.Content> report;
    private final Instant started;
    private boolean allPut;
    private volatile Optional<String> waiting = Optional.empty();
    private List<Object> reported = List.of();

    BgpLoops(BgpOnDemand.Node node, BgpOnDemand.Means means, BgpTables tables) throws IOException {
        this.node = node;
        this.means = means;
        this.tables = tables;
        started = means.clock().instant();
        speaker = speaker(node);
        liveness = liveness();
        var from = means.kube().bgp();
        BgpSecrets secrets = from.secrets(BgpOnDemand.SECRETS, tables.secrets);
        sources = new ArrayList<>(List.of(
                secrets,
                from.peerConfigs(tables.peerConfigs, means.invalid()),
                from.advertisements(tables.advertisements, means.invalid()),
                from.overrideOf(node.id().name(), tables.overrides, means.invalid())));
        network = new NodeNetworkSource(means.netlink(), tables.network).start();
        derivations = new BgpDerivations(means.mesh(), tables, node.id(), secrets, means.clock());
        probes = new RouterProbes(this::mute);
        withdrawals = new WithdrawalTimes(tables.routes, means.times(), System::nanoTime);
        speaker.listen(withdrawals::hear);
        sessions = reconciler(tables.peers, new SessionTarget(speaker, liveness));
        routes = reconciler(tables.routes, speaker.routes());
        report = reconciler(
                tables.report, means.writes().bgp().nodeConfig(node.id().name()));
    }

    /** Where the speaker is told which sessions to hold; not there before somebody has asked for any. */
    static Path configuration(BgpOnDemand.Node node) {
        return directory(node).resolve("exabgp.conf");
    }

    private static Path directory(BgpOnDemand.Node node) {
        return node.run().resolve("bgp");
    }

    private static Speaker speaker(BgpOnDemand.Node node) throws IOException {
        var configuration = configuration(node);
        var directory = Files.createDirectories(configuration.getParent());
        var places = new ExabgpSpeaker.Places(configuration, node.bridge(), directory.resolve("exabgp.sock"));
        return new ExabgpSpeaker(places, ConfigCheck.byRunning(StartCommand.PROGRAM)).start();
    }

    private Liveness liveness() {
        var directory = directory(node);
        var liveness = new Liveness(
                speaker,
                listener -> BfdClient.start(
                        directory.resolve(BfdProcess.SOCKET),
                        new DetectionTimes(listener, this::peersOn, means.times())));
        return Files.exists(directory.resolve(BfdProcess.MEMORY)) ? liveness.resume() : liveness;
    }

    private <K extends Comparable<? super K>, V> Reconciler<K, V> reconciler(Table<K, V> wanted, Target<K, V> target) {
        return new Reconciler<>(wanted, target, FULL_PASS, means.clock(), RandomGenerator.getDefault()).start();
    }

    /** To be called again and again. */
    void settle() {
        Instant now = means.clock().instant();
        tables.audience
                .snapshot()
                .get(MeshTables.OWN)
                .flatMap(Audience::again)
                .filter(again -> !now.isBefore(again))
                .ifPresent(_ -> tables.time.put(MeshTables.OWN, now));
        endOfRib(now);
        report(now);
    }

    /** Said too early it would make routers drop what is only not known here yet. */
    private void endOfRib(Instant now) {
        if (!allPut && routes.applied().initialized()) {
            speaker.allRoutesPut();
            allPut = true;
        }
        waiting = allPut ? Optional.empty() : RouteWait.overdue(Duration.between(started, now), known(), unread());
    }

    private List<BgpPeer> known() {
        return tables.peers
                .snapshot()
                .get(MeshTables.OWN)
                .map(PlannedPeers::sessions)
                .orElse(List.of());
    }

    private List<String> unread() {
        var mesh = means.mesh();
        return Stream.concat(
                        tables.read(),
                        Stream.<Table<?, ?>>of(
                                mesh.kubeNodes, mesh.kubeServices, mesh.slices, mesh.believed.services()))
                .filter(table -> !table.initialized())
                .map(Table::name)
                .toList();
    }

    /** All routes are counted for it, so not without a reason. */
    private void report(Instant now) {
        var status = speaker.status();
        var watched = liveness.status(now);
        List<Object> basis = List.of(
                tables.peers.snapshot().revision(),
                tables.audience.snapshot().revision(),
                tables.decisions.snapshot().revision(),
                status.peers(),
                watched,
                status.configurationProblem(),
                status.reason());
        var peers = tables.peers.snapshot().get(MeshTables.OWN);
        if (peers.isEmpty() || basis.equals(reported) || isTakingLeave(peers.get(), status)) {
            return;
        }
        tables.planned().ifPresent(planned -> {
            String name = node.id().name();
            var before = tables.report.snapshot().get(name);
            tables.report.put(name, BgpNodeReport.content(name, peers.get(), planned, status, watched, before, now));
            reported = basis;
        });
    }

    /** While a router is told yet that is not to be any more, it is not to be said that it is not; unless that cannot be helped. */
    static boolean isTakingLeave(PlannedPeers peers, SpeakerStatus status) {
        return peers.isSettled()
                && status.configurationProblem().isEmpty()
                && !peers.peers().keySet().containsAll(status.peers().keySet());
    }

    private Collection<PeerId> peersOn(BfdPath path) {
        return tables.peers
                .snapshot()
                .get(MeshTables.OWN)
                .map(peers -> BfdPlan.peers(peers).get(path))
                .map(List::copyOf)
                .orElse(List.of());
    }

    Optional<BgpOnDemand.Detection> detection() {
        return liveness.counts()
                .map(counts ->
                        new BgpOnDemand.Detection(liveness.status(means.clock().instant()), counts));
    }

    /** Empty before there is a plan. */
    Optional<RoutesView> view(RoutesQuestion question, String problem) {
        var peers = tables.peers.snapshot().get(MeshTables.OWN);
        var planned = tables.planned();
        if (peers.isEmpty() || planned.isEmpty()) {
            return Optional.empty();
        }
        var told = new RouteViews.Told(speaker.status(), speaker::told, refused());
        return Optional.of(new RouteViews(peers.get(), planned.get(), told, question)
                .view(node.id().name(), problem));
    }

    private Map<RouteKey, String> refused() {
        var refused = new HashMap<RouteKey, String>();
        routes.failures().forEach((key, failure) -> refused.put(key, failure.reason()));
        return refused;
    }

    List<Leg> legs() {
        return tables.peers
                .snapshot()
                .get(MeshTables.OWN)
                .map(peers -> BgpLegs.of(peers, speaker.status(), probes::of))
                .orElse(List.of());
    }

    private List<BgpPeer> mute() {
        var status = speaker.status().peers();
        return tables.peers.snapshot().get(MeshTables.OWN).stream()
                .flatMap(peers -> peers.sessions().stream())
                .filter(peer -> !peer.peerAddress().isLinkLocal())
                .filter(peer -> status.containsKey(peer.id()) && PeerLegs.isMute(status.get(peer.id())))
                .toList();
    }

    SpeakerStatus status() {
        return speaker.status();
    }

    Optional<String> failure() {
        return network.failure()
                .or(derivations::failure)
                .or(() -> liveness.failure(means.clock().instant()))
                .or(() -> waiting)
                .or(() -> speaker.status().problem(means.clock().instant()))
                .or(() ->
                        routes.failures().values().stream().map(Failure::reason).findFirst());
    }

    Map<String, Reconciler<?, ?>> reconcilers() {
        return Map.of("BGP sessions", sessions, "BGP routes", routes, "BGP node config", report);
    }

    /** Stops; sessions and routes stay. */
    @Override
    public void close() {
        sources.forEach(KubeSource::close);
        network.close();
        derivations.close();
        withdrawals.close();
        probes.close();
        sessions.close();
        routes.close();
        report.close();
        liveness.close();
        speaker.close();
    }
}

package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.network.NodeNetworkSource;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bgp.exabgp.ConfigCheck;
import dev.tombolo.bgp.exabgp.ExabgpSpeaker;
import dev.tombolo.bgp.exabgp.StartCommand;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.Speaker;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.source.BgpSecrets;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The chain from Cilium's kinds to a speaker, and from what it says back to a status. */
final class BgpLoops implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofMinutes(1);

    private final BgpOnDemand.Node node;
    private final BgpOnDemand.Means means;
    private final BgpTables tables;
    private final List<KubeSource> sources;
    private final NodeNetworkSource network;
    private final Speaker speaker;
    private final BgpDerivations derivations;
    private final Reconciler<String, PlannedPeers> sessions;
    private final Reconciler<RouteKey, PathAttributes> routes;
    private final Reconciler<String, BgpNodeConfigObject.Content> report;
    private boolean allPut;

    BgpLoops(BgpOnDemand.Node node, BgpOnDemand.Means means, BgpTables tables) throws IOException {
        this.node = node;
        this.means = means;
        this.tables = tables;
        speaker = speaker(node);
        var from = means.kube().bgp();
        BgpSecrets secrets = from.secrets(BgpOnDemand.SECRETS, tables.secrets);
        sources = new ArrayList<>(List.of(
                secrets,
                from.peerConfigs(tables.peerConfigs, means.invalid()),
                from.advertisements(tables.advertisements, means.invalid()),
                from.overrideOf(node.id().name(), tables.overrides, means.invalid())));
        network = new NodeNetworkSource(means.netlink(), tables.network).start();
        derivations = new BgpDerivations(means.mesh(), tables, node.id(), secrets, means.clock());
        sessions = reconciler(tables.peers, new SessionTarget(speaker));
        routes = reconciler(tables.routes, speaker.routes());
        report = reconciler(
                tables.report, means.writes().bgp().nodeConfig(node.id().name()));
    }

    /** Where the speaker is told which sessions to hold; not there before somebody has asked for any. */
    static Path configuration(BgpOnDemand.Node node) {
        return node.run().resolve("bgp").resolve("exabgp.conf");
    }

    private static Speaker speaker(BgpOnDemand.Node node) throws IOException {
        var configuration = configuration(node);
        var directory = Files.createDirectories(configuration.getParent());
        var places = new ExabgpSpeaker.Places(configuration, node.bridge(), directory.resolve("exabgp.sock"));
        return new ExabgpSpeaker(places, ConfigCheck.byRunning(StartCommand.PROGRAM)).start();
    }

    private <K extends Comparable<? super K>, V> Reconciler<K, V> reconciler(Table<K, V> wanted, Target<K, V> target) {
        return new Reconciler<>(wanted, target, FULL_PASS, means.clock(), RandomGenerator.getDefault()).start();
    }

    /** To be called again and again. */
    void settle() {
        Instant now = means.clock().instant();
        var planned = tables.planned.snapshot().get(MeshTables.OWN);
        planned.flatMap(routes -> routes.again())
                .filter(again -> !now.isBefore(again))
                .ifPresent(_ -> tables.time.put(MeshTables.OWN, now));
        if (!allPut && routes.applied().initialized()) {
            speaker.allRoutesPut();
            allPut = true;
        }
        var peers = tables.peers.snapshot().get(MeshTables.OWN);
        if (peers.isPresent() && planned.isPresent()) {
            var content = BgpNodeReport.content(
                    node.id().name(), peers.get(), planned.get(), speaker.status(), before(), now);
            if (!tables.report.snapshot().get(node.id().name()).equals(Optional.of(content))) {
                tables.report.put(node.id().name(), content);
            }
        }
    }

    private Optional<BgpNodeConfigObject.Content> before() {
        return tables.report.snapshot().get(node.id().name());
    }

    SpeakerStatus status() {
        return speaker.status();
    }

    Optional<String> failure() {
        return network.failure()
                .or(derivations::failure)
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
        sessions.close();
        routes.close();
        report.close();
        speaker.close();
    }
}

package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.bgp.report.BgpCondition;
import dev.tombolo.bgp.report.NodeReport;
import dev.tombolo.bgp.report.PeerReport;
import dev.tombolo.bgp.report.SessionView;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.Content;
import dev.tombolo.kube.object.BgpNodeConfigObject.Instance;
import dev.tombolo.kube.object.BgpNodeConfigObject.InstanceStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.Peer;
import dev.tombolo.kube.object.BgpNodeConfigObject.Reference;
import dev.tombolo.kube.object.BgpNodeConfigObject.RouteCount;
import dev.tombolo.kube.object.BgpNodeConfigObject.Timers;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.PeerId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a node says of its sessions in its CiliumBGPNodeConfig. */
final class BgpNodeReport {
    private static final String SAFI = "unicast";
    private static final int KEEPALIVES = 3;

    private final PlannedPeers peers;
    private final PlannedRoutes routes;
    private final SpeakerStatus speaker;
    private final Map<PeerId, BfdStatus> bfd;
    private final NodeReport report;

    private BgpNodeReport(
            String node, PlannedPeers peers, PlannedRoutes routes, SpeakerStatus speaker, Map<PeerId, BfdStatus> bfd) {
        this.peers = peers;
        this.routes = routes;
        this.speaker = speaker;
        this.bfd = bfd;
        report = NodeReport.of(node, peers, routes, views(speaker));
    }

    /**
     * @param bfd of the peers that want it
     * @param before what was said last, for since when a condition holds
     */
    static Content content(
            String node,
            PlannedPeers peers,
            PlannedRoutes routes,
            SpeakerStatus speaker,
            Map<PeerId, BfdStatus> bfd,
            Optional<Content> before,
            Instant now) {
        var report = new BgpNodeReport(node, peers, routes, speaker, bfd);
        var earlier = before.map(content -> content.status().conditions()).orElse(List.of());
        return new Content(
                new BgpNodeConfigObject.Spec(report.instances()),
                report.status(condition(report.report.reconcileError()).after(earlier, now)));
    }

    private static ObservedCondition condition(BgpCondition said) {
        return ObservedCondition.of(said.type(), said.holds() ? "True" : "False", 0, said.reason(), said.message());
    }

    private static Map<PeerId, SessionView> views(SpeakerStatus speaker) {
        var views = new HashMap<PeerId, SessionView>();
        String channel = speaker.channel() == ChannelState.READY ? "" : "ExaBGP: " + speaker.reason();
        speaker.peers()
                .forEach((id, peer) -> views.put(
                        id, new SessionView(state(peer.state()), peer.reason().orElse(channel))));
        return views;
    }

    private static String state(SessionState state) {
        return state == SessionState.UNKNOWN
                ? "idle"
                : state.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    private List<Instance> instances() {
        var byInstance = new TreeMap<String, Instance>();
        peers.peers().forEach((id, peer) -> {
            var known = byInstance.get(id.instance());
            var all = new ArrayList<>(known == null ? List.<Peer>of() : known.peers());
            all.add(spec(id, peer));
            byInstance.put(
                    id.instance(),
                    new Instance(
                            id.instance(),
                            peer.session().localAsn().number(),
                            peer.session().routerId().toString(),
                            all));
        });
        return List.copyOf(byInstance.values());
    }

    private static Peer spec(PeerId id, PlannedPeer peer) {
        return new Peer(
                id.peer(),
                peer.session().peerAddress().toString(),
                peer.session().peerAsn().number(),
                peer.session().localAddress().toString(),
                peer.peerConfig().map(Reference::new));
    }

    private BgpNodeConfigObject.Status status(ObservedCondition condition) {
        var byInstance = new TreeMap<String, InstanceStatus>();
        for (PeerReport peer : report.peers()) {
            String name = peer.id().instance();
            var known = byInstance.get(name);
            var all = new ArrayList<>(known == null ? List.<BgpNodeConfigObject.PeerStatus>of() : known.peers());
            all.add(status(peer));
            byInstance.put(name, new InstanceStatus(name, localAsn(name), all));
        }
        return new BgpNodeConfigObject.Status(
                report.clusterConfig().orElse(""),
                report.conflicting(),
                report.sessions(),
                report.routes(),
                report.down(),
                List.copyOf(byInstance.values()),
                List.of(condition));
    }

    /** As any of its peers that is planned has it; 0 where none is. */
    private long localAsn(String instance) {
        return peers.peers().entrySet().stream()
                .filter(planned -> planned.getKey().instance().equals(instance))
                .map(planned -> planned.getValue().session().localAsn().number())
                .findFirst()
                .orElse(0L);
    }

    private BgpNodeConfigObject.PeerStatus status(PeerReport peer) {
        var planned = Optional.ofNullable(peers.peers().get(peer.id())).map(PlannedPeer::session);
        var session = Optional.ofNullable(speaker.peers().get(peer.id())).filter(_ -> peer.isEstablished());
        return new BgpNodeConfigObject.PeerStatus(
                peer.id().peer(),
                planned.map(found -> found.peerAddress().toString()).orElse(""),
                planned.map(found -> found.peerAsn().number()).orElse(0L),
                peer.state(),
                session.flatMap(PeerStatus::negotiated)
                        .map(agreed -> timers((int) agreed.holdTime().toSeconds())),
                session.map(PeerStatus::since).map(since -> since.truncatedTo(ChronoUnit.SECONDS)),
                session.isEmpty() ? List.of() : counts(peer.id()),
                peer.peerConfig().orElse(""),
                peer.reason(),
                peer.message(),
                Optional.ofNullable(bfd.get(peer.id())));
    }

    private static Timers timers(int holdSeconds) {
        return new Timers(holdSeconds, holdSeconds / KEEPALIVES);
    }

    /** What the router was told and has not refused. */
    private List<RouteCount> counts(PeerId id) {
        var refused = speaker.peers().get(id).refused();
        var counts = new TreeMap<BgpFamily, Integer>();
        peers.peers().get(id).session().families().forEach(family -> counts.put(family, 0));
        routes.byPeer().getOrDefault(id, new TreeMap<>()).keySet().stream()
                .filter(prefix -> !refused.containsKey(prefix))
                .forEach(prefix -> counts.merge(BgpFamily.of(prefix), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(count -> new RouteCount(count.getKey().afi(), SAFI, 0, count.getValue()))
                .toList();
    }
}

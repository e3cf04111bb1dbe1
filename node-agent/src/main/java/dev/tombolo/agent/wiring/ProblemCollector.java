package dev.tombolo.agent.wiring;

import dev.tombolo.agent.mesh.DeclarationPlan;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.service.OwnerPlan;
import dev.tombolo.agent.status.ClusterPaths;
import dev.tombolo.agent.status.ConntrackUse;
import dev.tombolo.agent.status.PeerWatch;
import dev.tombolo.agent.status.Problems;
import dev.tombolo.agent.status.UnreadAddresses;
import dev.tombolo.kube.object.MeshNodeObject.MapUse;
import dev.tombolo.kube.object.MeshNodeObject.Peer;
import dev.tombolo.kube.object.MeshNodeObject.Problem;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.AnswerConsent;
import dev.tombolo.netlink.nft.ForwardPolicy;
import dev.tombolo.reconciler.loop.Reconciler;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks every part of the agent what a person should mend. Confined to the thread that reports. */
final class ProblemCollector {
    private final Agent agent;
    private final PeerWatch peerWatch = new PeerWatch();

    ProblemCollector(Agent agent) {
        this.agent = agent;
    }

    List<Problem> all(List<Peer> peers, List<MapUse> maps, ForwardPolicy forward, Instant now) throws IOException {
        var tables = agent.tables;
        var problems = new ArrayList<Problem>();
        agent.attachFailure().map(Problems::ofAttaching).ifPresent(problems::add);
        agent.egress.failure().map(Problems::ofEgress).ifPresent(problems::add);
        agent.outside.failure().map(Problems::ofClientsOutside).ifPresent(problems::add);
        agent.bgp.failure().map(Problems::ofBgp).ifPresent(problems::add);
        if (agent.outside.isCrowded()) {
            problems.add(Problems.ofCrowd());
        }
        agent.sockets.failure().map(Problems::ofSockets).ifPresent(problems::add);
        agent.loops()
                .forEach((name, loop) -> problems.addAll(
                        Problems.ofTable(name, loop.failures(), loop.observeFailure(), MapSizes::setting)));
        problems.addAll(Problems.ofClusters(
                agent.clusters.states(),
                ClusterPaths.of(tables.pathStates.snapshot().toMap()),
                agent.settings.port()));
        UnreadAddresses.problem(agent.ownAddresses.state(), agent.started, now).ifPresent(problems::add);
        problems.addAll(Problems.ofDeclarations(notFollowed()));
        problems.addAll(Problems.ofAnnotations(misread()));
        problems.addAll(Problems.ofTunnelAddress(
                tables.declared.snapshot().size() > 0,
                tables.ownTunnel.snapshot().get(MeshTables.OWN).stream()
                        .anyMatch(own -> own.address().isPresent())));
        problems.addAll(missingRoutes());
        problems.addAll(peerWatch.problems(unprobed(peers), now, agent.settings.port()));
        problems.addAll(Problems.ofMaps(maps, MapSizes::setting));
        ConntrackUse.read(ConntrackUse.HERE).flatMap(ConntrackUse::problem).ifPresent(problems::add);
        problems.addAll(agent.egress.shortages(MapSizes::setting));
        problems.addAll(Problems.ofRefused(tables.refusals.counts(), tables.refusals.examples(), agent.refused()));
        problems.addAll(Problems.ofContests(
                OwnerPlan.contests(tables.services.snapshot().values().toList())));
        problems.addAll(Problems.ofForwardPolicy(forward, agent.settings.device()));
        return problems;
    }

    /** Of the others the probes say more, and sooner. */
    private List<Peer> unprobed(List<Peer> peers) {
        var states = agent.tables.pathStates.snapshot();
        return peers.stream()
                .filter(peer -> states.get(new NodeId(new ClusterName(peer.cluster()), peer.node()))
                        .isEmpty())
                .toList();
    }

    private List<String> notFollowed() {
        return agent.tables
                .meshPeers
                .snapshot()
                .values()
                .filter(peer -> !peer.deleting())
                .filter(peer -> DeclarationPlan.declaration(peer).isEmpty())
                .map(peer -> peer.name())
                .toList();
    }

    private List<Invalid> misread() {
        return agent.tables
                .meshPeers
                .snapshot()
                .values()
                .flatMap(peer -> AnswerConsent.read(peer.name(), peer.annotations()).problems().stream())
                .toList();
    }

    private List<Problem> missingRoutes() {
        Reconciler<?, ?> loop = agent.loops().get(agent.tables.routes.name());
        if (!loop.applied().initialized()) {
            return List.of();
        }
        return Problems.ofRoutes(
                agent.tables.routes.snapshot().toMap().keySet(),
                ranges(loop.applied().snapshot().toMap().keySet()),
                ranges(loop.failures().keySet()));
    }

    private static Set<Prefix> ranges(Set<?> keys) {
        return keys.stream().map(Prefix.class::cast).collect(Collectors.toSet());
    }
}

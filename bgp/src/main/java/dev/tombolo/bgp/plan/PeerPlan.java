package dev.tombolo.bgp.plan;

import dev.tombolo.bgp.plan.PeerProblem.Kind;
import dev.tombolo.model.bgp.BgpClusterConfig;
import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * From what was declared to the sessions of one node. Of two configurations for the node the older one has it; of two peers
 * that are the same router the first by name.
 */
public final class PeerPlan {
    private final PeerInput input;
    private final List<PeerProblem> problems = new ArrayList<>();

    private PeerPlan(PeerInput input) {
        this.input = input;
    }

    public static PlannedPeers plan(PeerInput input) {
        return new PeerPlan(input).plan();
    }

    private PlannedPeers plan() {
        var configs = input.clusterConfigs().stream()
                .flatMap(reading -> reading.config().stream())
                .filter(config -> config.nodes().matches(input.node().labels()))
                .sorted(BgpClusterConfig.RANK)
                .toList();
        configs.stream().skip(1).forEach(younger -> conflict(configs.getFirst(), younger));
        SortedMap<PeerId, PlannedPeer> peers = new TreeMap<>();
        configs.stream().findFirst().ifPresent(config -> peers.putAll(sessions(config)));
        return new PlannedPeers(
                configs.stream().findFirst().map(BgpClusterConfig::name), withoutDuplicates(peers), problems);
    }

    private void conflict(BgpClusterConfig older, BgpClusterConfig younger) {
        problems.add(new PeerProblem(
                Kind.CONFLICTING_CLUSTER_CONFIG,
                younger.name(),
                Optional.empty(),
                Optional.empty(),
                BgpClusterConfigReading.KIND + " " + older.name() + ", which is older, is for node "
                        + input.node().name() + " too and has it; change the nodeSelector of one of them"));
    }

    private SortedMap<PeerId, PlannedPeer> sessions(BgpClusterConfig config) {
        SortedMap<PeerId, PlannedPeer> peers = new TreeMap<>();
        for (var instance : config.instances()) {
            for (var router : instance.routers()) {
                new SessionDerivation(input, config, instance, problems)
                        .session(router)
                        .ifPresent(peer -> peers.put(peer.session().id(), peer));
            }
        }
        return peers;
    }

    /** A router takes one session from an address, so the second one would end the first again and again. */
    private SortedMap<PeerId, PlannedPeer> withoutDuplicates(SortedMap<PeerId, PlannedPeer> peers) {
        SortedMap<PeerId, PlannedPeer> unique = new TreeMap<>(Comparator.naturalOrder());
        var first = new HashMap<List<Object>, PeerId>();
        peers.forEach((id, peer) -> {
            var session = peer.session();
            var earlier =
                    first.putIfAbsent(List.of(session.localAddress(), session.peerAddress(), session.peerPort()), id);
            if (earlier == null) {
                unique.put(id, peer);
            } else {
                problems.add(new PeerProblem(
                        Kind.DUPLICATE_PEER,
                        peer.clusterConfig(),
                        Optional.of(id),
                        peer.peerConfig(),
                        "peer " + earlier + " is " + session.peerAddress() + " too; remove one of them"));
            }
        });
        return unique;
    }
}

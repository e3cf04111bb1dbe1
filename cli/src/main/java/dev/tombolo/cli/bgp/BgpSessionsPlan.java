package dev.tombolo.cli.bgp;

import dev.tombolo.cli.output.Age;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject.InstanceStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.model.bgp.PeerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From what was declared and what nodes say to the sessions that were asked for. Pure; silence is no session. */
public final class BgpSessionsPlan {
    private BgpSessionsPlan() {}

    public static BgpSessions of(ObservedBgp seen, Instant now) {
        var rows = seen.nodes().stream()
                .flatMap(node -> rows(seen, node, now))
                .sorted()
                .toList();
        var remarks = Stream.of(
                DrainPlan.lasting(seen).stream(),
                UnwatchedPeersPlan.of(rows).stream(),
                DeclarationPlan.remarks(seen).stream());
        return new BgpSessions(
                rows,
                DeclarationPlan.gaps(seen),
                remarks.flatMap(notices -> notices).toList());
    }

    private static Stream<PeerRow> rows(ObservedBgp seen, KubeNode node, Instant now) {
        var reported = seen.report(node).map(BgpSessionsPlan::reported).orElse(List.of());
        var rows = Stream.concat(reported.stream(), unreported(seen, node, reported));
        var silence = silence(seen.agent(node), node, now);
        return silence.isPresent() ? rows.map(row -> row.unheard(silence.get())) : rows;
    }

    private static List<PeerRow> reported(BgpNodeConfigObject said) {
        return said.status().bgpInstances().stream()
                .flatMap(instance -> instance.peers().stream()
                        .map(peer -> new PeerRow(
                                said.head().name(),
                                instance.name(),
                                instance.localASN(),
                                localAddress(said, instance, peer),
                                peer)))
                .toList();
    }

    private static String localAddress(BgpNodeConfigObject said, InstanceStatus instance, PeerStatus status) {
        return said.spec().bgpInstances().stream()
                .filter(held -> held.name().equals(instance.name()))
                .flatMap(held -> held.peers().stream())
                .filter(peer -> peer.name().equals(status.name()))
                .map(BgpNodeConfigObject.Peer::localAddress)
                .findFirst()
                .orElse("");
    }

    /** An agent that has not come to a configuration yet has not established its sessions either. */
    private static Stream<PeerRow> unreported(ObservedBgp seen, KubeNode node, List<PeerRow> reported) {
        var known = reported.stream().map(PeerRow::id).collect(Collectors.toSet());
        return seen.configs(node).stream()
                .limit(1)
                .flatMap(config -> config.instances().stream())
                .flatMap(instance -> instance.routers().stream()
                        .filter(router -> !known.contains(new PeerId(instance.name(), router.name())))
                        .map(router -> PeerRow.unreported(node.name(), instance, router)));
    }

    private static Optional<String> silence(Optional<MeshNodeObject> agent, KubeNode node, Instant now) {
        if (agent.filter(heard -> heard.isFresh(now)).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("node " + node.name() + " has not been heard of"
                + agent.flatMap(heard -> heard.status().heartbeat())
                        .map(beat -> " for " + Age.of(beat, now))
                        .orElse(""));
    }
}

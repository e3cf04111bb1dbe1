package dev.tombolo.apiserver.peer;

import dev.tombolo.kube.object.MeshNodeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the reports of this cluster's nodes say together of the way to a peer. */
public final class NodePathsPlan {
    /** Agents report every half minute; of one that does not, nothing is known any more. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    private NodePathsPlan() {}

    /** Whether any node of the peer answers any of ours; empty while no node that reports knows of a path. */
    public static Optional<Boolean> anyAnswers(String peer, Collection<MeshNodeObject> nodes, Instant now) {
        List<MeshNodeObject.Cluster> known = nodes.stream()
                .filter(node -> isCurrent(node, now))
                .flatMap(node -> node.status().clusters().stream())
                .filter(cluster -> cluster.name().equals(peer) && cluster.paths() > 0)
                .toList();
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(known.stream().anyMatch(cluster -> cluster.answeringPaths() > 0));
    }

    private static boolean isCurrent(MeshNodeObject node, Instant now) {
        return node.status()
                .heartbeat()
                .filter(last -> last.isAfter(now.minus(LONGEST_SILENCE)))
                .isPresent();
    }
}

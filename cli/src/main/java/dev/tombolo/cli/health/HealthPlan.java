package dev.tombolo.cli.health;

import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.write.Workloads;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** From what was read to what it means. Pure; silence is never taken for health. */
public final class HealthPlan {
    private HealthPlan() {}

    public static Health of(Observed seen, Instant now) {
        var fresh = seen.nodes().stream().filter(node -> node.isFresh(now)).toList();
        var status = seen.mesh().map(ClusterMeshObject::status).orElse(ClusterMeshObject.Status.EMPTY);
        return new Health(
                seen.settings().getOrDefault("cluster.name", status.clusterName()),
                Integer.parseInt(seen.settings().getOrDefault("cluster.id", Integer.toString(status.clusterId()))),
                seen.nodes().stream()
                        .map(node -> node.status().version())
                        .findFirst()
                        .orElse(""),
                new Health.MeshServer(
                        seen.mesh().isPresent(),
                        seen.apiserver().filter(Workloads.Rollout::complete).isPresent(),
                        seen.mesh().map(mesh -> mesh.spec().serviceType()).orElse(""),
                        status.endpoints()),
                nodes(seen, fresh),
                Spread.of(fresh.stream()
                        .map(node -> node.status().globalServices())
                        .toList()),
                Spread.of(fresh.stream()
                        .map(node -> connected(node, seen.peers()))
                        .toList()),
                seen.peers().stream().map(peer -> cluster(peer, fresh)).toList(),
                Optional.empty(),
                ProblemPlan.of(seen, now));
    }

    private static Health.Nodes nodes(Observed seen, List<MeshNodeObject> fresh) {
        int desired = seen.agents().map(Workloads.Rollout::desired).orElse(0);
        int running = seen.agents().map(Workloads.Rollout::ready).orElse(0);
        int ready = (int) fresh.stream().filter(node -> node.status().ready()).count();
        return new Health.Nodes(Math.max(desired, seen.nodes().size()), Math.min(ready, running), (int) fresh.stream()
                .filter(node -> connected(node, seen.peers()) == seen.peers().size())
                .count());
    }

    static boolean follows(MeshNodeObject node, MeshPeerObject peer) {
        return node.status().clusters().stream()
                .anyMatch(cluster -> cluster.name().equals(peer.name()));
    }

    private static boolean isConnected(MeshNodeObject node, MeshPeerObject peer) {
        return node.status().clusters().stream()
                .anyMatch(
                        cluster -> cluster.name().equals(peer.name()) && cluster.state() == MeshPeerObject.State.Fresh);
    }

    private static int connected(MeshNodeObject node, List<MeshPeerObject> peers) {
        return (int) peers.stream().filter(peer -> isConnected(node, peer)).count();
    }

    private static Health.Cluster cluster(MeshPeerObject peer, List<MeshNodeObject> fresh) {
        var counts = peer.status().counts();
        return new Health.Cluster(
                peer.name(),
                peer.status().state().toString().toLowerCase(Locale.ROOT),
                peer.status().connected(),
                (int) fresh.stream().filter(node -> follows(node, peer)).count(),
                (int) fresh.stream().filter(node -> isConnected(node, peer)).count(),
                counts.nodes(),
                counts.endpoints(),
                counts.services(),
                PathCounts.of(peer.name(), fresh));
    }
}

package dev.tombolo.cli.health;

import dev.tombolo.cli.health.Health.Problem;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.write.Workloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From what was read to what it means. Pure; silence is never taken for health. */
public final class HealthPlan {
    /** Agents write at least every 30 s; after three of those nothing is known of the node. */
    private static final Duration SILENT = Duration.ofSeconds(90);

    private HealthPlan() {}

    public static Health of(Observed seen, Instant now) {
        var problems = new ArrayList<Problem>();
        if (!seen.installed()) {
            problems.add(new Problem(
                    "Tombolo is not installed", "tombolo install --set cluster.name=NAME --set cluster.id=NUMBER"));
        }
        agents(seen, problems);
        mesh(seen, problems);
        seen.waiting().forEach(pod -> problems.add(waiting(pod)));
        seen.peers().forEach(peer -> peer(peer, problems));
        seen.nodes().forEach(node -> node(node, now, problems));
        var status = seen.mesh().map(ClusterMeshObject::status).orElse(ClusterMeshObject.Status.EMPTY);
        return new Health(
                status.clusterName(),
                status.clusterId(),
                seen.nodes().stream()
                        .map(node -> node.status().version())
                        .findFirst()
                        .orElse(""),
                seen.mesh().isPresent(),
                seen.apiserver().filter(Workloads.Rollout::complete).isPresent(),
                seen.mesh().map(mesh -> mesh.spec().serviceType()).orElse(""),
                status.endpoints(),
                seen.nodes().size(),
                (int) seen.nodes().stream()
                        .filter(node -> isFresh(node, now) && node.status().ready())
                        .count(),
                seen.nodes().stream()
                        .mapToInt(node -> node.status().globalServices())
                        .max()
                        .orElse(0),
                seen.peers().stream()
                        .map(peer -> cluster(peer, seen.nodes(), now))
                        .toList(),
                problems);
    }

    private static void agents(Observed seen, List<Problem> problems) {
        seen.agents()
                .filter(rollout -> !rollout.complete())
                .ifPresent(
                        rollout -> problems.add(
                                new Problem(
                                        rollout.ready() + " of " + rollout.desired() + " agents are ready",
                                        "kubectl -n tombolo-system get pods -l app=tombolo-agent -o wide, and kubectl logs of those that are not")));
    }

    private static void mesh(Observed seen, List<Problem> problems) {
        seen.apiserver()
                .filter(rollout -> !rollout.complete())
                .ifPresent(_ -> problems.add(new Problem(
                        "the mesh API server is not ready; traffic goes on, changes of other clusters do not arrive",
                        "kubectl -n tombolo-system describe pod -l app=clustermesh-apiserver")));
        seen.mesh()
                .filter(mesh -> !mesh.status().ready())
                .ifPresent(mesh -> problems.add(new Problem(
                        "ClusterMesh is not ready"
                                + mesh.status().conditions().stream()
                                        .filter(condition -> !condition.holds())
                                        .map(condition -> ": " + condition.message())
                                        .findFirst()
                                        .orElse(""),
                        "kubectl describe clustermesh cluster")));
    }

    private static Problem waiting(Workloads.Waiting pod) {
        return new Problem(
                "pod " + pod.pod() + (pod.node().isEmpty() ? "" : " on node " + pod.node()) + " is not ready: "
                        + pod.cause(),
                "kubectl -n tombolo-system logs " + pod.pod() + " --all-containers");
    }

    private static void peer(MeshPeerObject peer, List<Problem> problems) {
        var status = peer.status();
        if (!status.connected() || status.state() != MeshPeerObject.State.Fresh) {
            problems.add(new Problem(
                    "cluster " + peer.name() + " is " + status.state()
                            + status.staleSince()
                                    .map(since -> " since " + since)
                                    .orElse("")
                            + status.lastError()
                                    .map(error -> ": " + error.cause() + ", " + error.message())
                                    .orElse(""),
                    "kubectl describe meshpeer " + peer.name() + "; what is known of it is kept meanwhile"));
        }
        if (!status.refused().isEmpty()) {
            problems.add(
                    new Problem(
                            "objects of cluster " + peer.name() + " were refused: " + status.refused(),
                            "they lie outside what was declared of it; if that changed, run tombolo clustermesh connect again"));
        }
    }

    private static void node(MeshNodeObject node, Instant now, List<Problem> problems) {
        if (!isFresh(node, now)) {
            problems.add(new Problem(
                    "node " + node.name() + " has not been heard of"
                            + node.status()
                                    .heartbeat()
                                    .map(beat -> " since " + beat)
                                    .orElse(""),
                    "kubectl -n tombolo-system get pods -o wide, and look at its agent; its state is unknown"));
        } else if (!node.status().ready()) {
            problems.add(
                    new Problem("node " + node.name() + " is not ready", "kubectl describe meshnode " + node.name()));
        }
        node.status()
                .errors()
                .forEach(error -> problems.add(new Problem(
                        "node " + node.name() + ": " + error.what() + ", " + error.message(), error.fix())));
    }

    /** Whether what an agent wrote can still be taken for true. */
    public static boolean isFresh(MeshNodeObject node, Instant now) {
        return node.status()
                .heartbeat()
                .filter(beat -> beat.plus(SILENT).isAfter(now))
                .isPresent();
    }

    private static Health.Cluster cluster(MeshPeerObject peer, List<MeshNodeObject> nodes, Instant now) {
        int connected = (int) nodes.stream()
                .filter(node -> isFresh(node, now))
                .filter(node -> node.status().clusters().stream()
                        .anyMatch(cluster ->
                                cluster.name().equals(peer.name()) && cluster.state() == MeshPeerObject.State.Fresh))
                .count();
        var counts = peer.status().counts();
        return new Health.Cluster(
                peer.name(),
                peer.status().state().toString(),
                connected,
                counts.nodes(),
                counts.endpoints(),
                counts.services());
    }

    /** The first thing that is wrong, if anything is. */
    static Optional<Problem> first(Health health) {
        return health.problems().stream().findFirst();
    }
}

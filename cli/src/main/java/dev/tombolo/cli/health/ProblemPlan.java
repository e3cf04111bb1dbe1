package dev.tombolo.cli.health;

import dev.tombolo.cli.health.Health.Problem;
import dev.tombolo.cli.output.Age;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.write.Workloads;
import dev.tombolo.kube.write.Workloads.Rollout;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressConsent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is wrong, from the ground up: what is installed, the mesh API server, the peers, each node. Pure. */
final class ProblemPlan {
    private static final String IN_NAMESPACE = "kubectl -n " + Manifests.NAMESPACE + " ";
    private final Observed seen;
    private final Instant now;
    private final List<Problem> problems = new ArrayList<>();

    private ProblemPlan(Observed seen, Instant now) {
        this.seen = seen;
        this.now = now;
    }

    static List<Problem> of(Observed seen, Instant now) {
        if (!seen.installed()) {
            return List.of(new Problem(
                    "Tombolo is not installed", "tombolo install --set cluster.name=NAME --set cluster.id=NUMBER"));
        }
        var plan = new ProblemPlan(seen, now);
        plan.agents();
        plan.mesh();
        seen.waiting().forEach(plan::pod);
        seen.peers().forEach(plan::peer);
        seen.nodes().forEach(plan::node);
        plan.complaints();
        plan.problems.addAll(EgressProblemPlan.of(
                seen.policies(),
                seen.nodes().stream().filter(node -> node.isFresh(now)).toList()));
        return plan.problems;
    }

    private void found(String what, String fix) {
        problems.add(new Problem(what, fix));
    }

    private void agents() {
        if (seen.agents().isEmpty()) {
            found("DaemonSet " + Manifests.AGENT + " does not exist", "tombolo upgrade makes it again");
            return;
        }
        Rollout agents = seen.agents().get();
        if (!agents.complete()) {
            found(
                    agents.ready() + " of " + agents.desired() + " agents are ready",
                    IN_NAMESPACE + "get pods -l app=" + Manifests.AGENT
                            + " -o wide, and kubectl logs of those that are not");
        } else if (seen.nodes().size() < agents.desired()) {
            found(
                    seen.nodes().size() + " of " + agents.desired() + " agents have reported",
                    "kubectl get meshnodes shows which did; look at the logs of the others");
        }
    }

    private void mesh() {
        if (seen.mesh().isEmpty()) {
            return;
        }
        if (seen.apiserver().filter(Rollout::complete).isEmpty()) {
            found(
                    "the mesh API server is not ready; traffic goes on, changes of other clusters do not arrive",
                    seen.apiserver().isEmpty()
                            ? "tombolo clustermesh enable makes Deployment " + Manifests.APISERVER + " again"
                            : IN_NAMESPACE + "describe pod -l app=" + Manifests.APISERVER);
        }
        var status = seen.mesh().get().status();
        if (!status.ready()) {
            found("ClusterMesh is not ready" + cause(status), "kubectl describe clustermesh cluster");
        }
    }

    private static String cause(ClusterMeshObject.Status status) {
        return status.conditions().stream()
                .filter(condition -> !condition.holds())
                .map(condition -> ": " + condition.message())
                .findFirst()
                .orElse("");
    }

    private void pod(Workloads.Waiting pod) {
        found(
                "pod " + pod.pod() + (pod.node().isEmpty() ? "" : " on node " + pod.node()) + " is not ready: "
                        + pod.cause(),
                IN_NAMESPACE + "logs " + pod.pod() + " --all-containers");
    }

    private void peer(MeshPeerObject peer) {
        var status = peer.status();
        if (!status.connected() || status.state() != MeshPeerObject.State.Fresh) {
            found(
                    "cluster " + peer.name() + " is " + state(status)
                            + status.lastError()
                                    .map(error -> ": " + error.cause() + ", " + error.message())
                                    .orElse(""),
                    peer.spec().clientCertificate().isEmpty()
                            ? "the connection was begun and not completed: run tombolo clustermesh connect again"
                            : "kubectl describe meshpeer " + peer.name() + "; what is known of it is kept meanwhile");
        } else {
            status.lastError()
                    .ifPresent(error -> found(
                            "cluster " + peer.name() + " is read, but " + error.cause() + ": " + error.message(),
                            "kubectl describe meshpeer " + peer.name() + ", and mend what it names"));
        }
        if (!status.refused().isEmpty()) {
            found(
                    "objects of cluster " + peer.name() + " were refused: "
                            + new TreeMap<>(status.refused())
                                    .entrySet().stream()
                                            .map(refused -> refused.getValue() + " " + refused.getKey())
                                            .collect(Collectors.joining(", ")),
                    refusalFix(peer));
        }
    }

    private static String refusalFix(MeshPeerObject peer) {
        String consent = Invalid.Reason.NOT_ALLOWED.name();
        String declare =
                "they lie outside what was declared of it; if that changed, run tombolo clustermesh connect again";
        if (!peer.status().refused().containsKey(consent)) {
            return declare;
        }
        String allow = "its pods ask for this cluster's egress gateways; to allow that, kubectl annotate meshpeer "
                + peer.name() + " " + EgressConsent.ANNOTATION + "=true";
        return peer.status().refused().size() == 1 ? allow : allow + "; of the others, " + declare;
    }

    private String state(MeshPeerObject.Status status) {
        String state = status.state().toString().toLowerCase(Locale.ROOT);
        boolean unread = status.state() == MeshPeerObject.State.Fresh;
        return unread
                ? "not connected"
                : status.staleSince()
                        .map(since -> state + " for " + Age.of(since, now))
                        .orElse(state);
    }

    private void node(MeshNodeObject node) {
        var status = node.status();
        if (!node.isFresh(now)) {
            found(
                    "node " + node.name() + " has not been heard of"
                            + status.heartbeat()
                                    .map(beat -> " for " + Age.of(beat, now))
                                    .orElse(""),
                    IN_NAMESPACE + "get pods -o wide, and look at its agent; its state is unknown");
            return;
        }
        if (!status.ready()) {
            found("node " + node.name() + " is not ready", "kubectl describe meshnode " + node.name());
        }
        seen.peers().stream()
                .filter(peer -> !HealthPlan.follows(node, peer))
                .forEach(peer -> found(
                        "node " + node.name() + " does not follow cluster " + peer.name() + " yet",
                        "agents do within seconds; " + IN_NAMESPACE + "logs of its agent if it stays"));
    }

    /** What one or several nodes say is wrong. */
    private record Complaint(String what, String fix, int which) {}

    /** What several nodes say alike is said once, in the words of the first; a node may say several things of one kind. */
    private void complaints() {
        var messages = new LinkedHashMap<Complaint, String>();
        var nodes = new HashMap<Complaint, List<String>>();
        for (var node : seen.nodes()) {
            var errors = node.isFresh(now) ? node.status().errors() : List.<MeshNodeObject.Problem>of();
            var count = new HashMap<String, Integer>();
            for (var error : errors) {
                var complaint = new Complaint(error.what(), error.fix(), count.merge(error.what(), 1, Integer::sum));
                messages.putIfAbsent(complaint, error.message());
                nodes.computeIfAbsent(complaint, _ -> new ArrayList<>()).add(node.name());
            }
        }
        messages.forEach((complaint, message) -> complained(complaint, message, nodes.get(complaint)));
    }

    private void complained(Complaint complaint, String message, List<String> nodes) {
        String more = nodes.size() == 1 ? "" : " and " + (nodes.size() - 1) + " more";
        found(
                "node " + nodes.getFirst() + more + ": " + complaint.what() + ", " + message,
                complaint.fix().isEmpty() ? "kubectl describe meshnode " + nodes.getFirst() : complaint.fix());
    }
}

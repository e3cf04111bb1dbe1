package dev.tombolo.cli.health;

import dev.tombolo.cli.egress.PolicyRow;
import dev.tombolo.cli.install.Installation;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.write.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was read of a cluster for its status.
 *
 * @param settings what was chosen at install
 * @param policies of egress; none where nobody asked for them, or where they are Cilium's own
 */
public record Observed(
        boolean installed,
        Map<String, String> settings,
        Optional<ClusterMeshObject> mesh,
        List<MeshPeerObject> peers,
        List<MeshNodeObject> nodes,
        Optional<Workloads.Rollout> agents,
        Optional<Workloads.Rollout> apiserver,
        List<Workloads.Waiting> waiting,
        List<PolicyRow> policies) {
    static final Observed NOTHING = new Observed(
            false,
            Map.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of());

    public Observed {
        settings = Map.copyOf(settings);
        waiting = List.copyOf(waiting);
        peers = List.copyOf(peers);
        nodes = List.copyOf(nodes);
        policies = List.copyOf(policies);
    }

    /** Without egress policies, which only some ask for. */
    public static Observed read(KubeApi api) throws IOException {
        var workloads = api.writes().workloads();
        var agents = workloads.daemonSet(new ObjectKey(Manifests.NAMESPACE, Manifests.AGENT));
        if (agents.isEmpty() && !api.writes().manifests().established("meshpeers.tombolo.dev")) {
            return NOTHING;
        }
        var waiting = new ArrayList<>(workloads.waiting(Manifests.NAMESPACE, Manifests.AGENT));
        waiting.addAll(workloads.waiting(Manifests.NAMESPACE, Manifests.TUNNEL));
        waiting.addAll(workloads.waiting(Manifests.NAMESPACE, Manifests.BGP));
        waiting.addAll(workloads.waiting(Manifests.NAMESPACE, Manifests.APISERVER));
        return new Observed(
                true,
                Installation.settings(api).orElse(Map.of()),
                api.writes().mesh().clusterMesh(),
                api.writes().mesh().peers(),
                api.writes().mesh().nodes(),
                agents,
                workloads.deployment(new ObjectKey(Manifests.NAMESPACE, Manifests.APISERVER)),
                waiting,
                List.of());
    }

    /** The same with egress policies. */
    Observed with(List<PolicyRow> policies) {
        return new Observed(installed, settings, mesh, peers, nodes, agents, apiserver, waiting, policies);
    }
}

package dev.tombolo.cli.doctor;

import dev.tombolo.cli.egress.PolicyRow;
import dev.tombolo.cli.install.Installation;
import dev.tombolo.cli.install.InstalledKinds;
import dev.tombolo.cli.output.Console;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What was read of a cluster to tell how its legs are.
 *
 * @param policies none where nobody asked for them, or where they are Cilium's own
 * @param nodes by name
 * @param agents what those of the nodes say
 */
record ObservedLegs(
        ClusterName self, List<PolicyRow> policies, List<String> nodes, List<MeshNodeObject> agents, Instant now) {
    ObservedLegs {
        policies = List.copyOf(policies);
        nodes = List.copyOf(nodes);
        agents = List.copyOf(agents);
    }

    static ObservedLegs read(KubeApi api, Console console, Instant now) throws IOException {
        InstalledKinds.require(api);
        return new ObservedLegs(
                new Installation(api, console).options().clusterName(),
                PolicyRow.read(api, now),
                api.reads().nodes().stream().map(KubeNode::name).toList(),
                api.writes().mesh().nodes(),
                now);
    }
}

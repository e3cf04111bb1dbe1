package dev.tombolo.lab.proxy;

import dev.tombolo.lab.controller.ClusterState;
import dev.tombolo.lab.controller.Pulse;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.network.Topology;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the service table of every node of a cluster equal to the cluster's services; of a node with the label
 * {@value #ABSENT} there is none, as where somebody else takes kube-proxy's place.
 */
public final class ServiceProxy implements AutoCloseable {
    private static final String ABSENT = "lab.tombolo.dev/no-kube-proxy";

    private final Topology.Cluster cluster;
    private final ClusterState state;
    private final Pulse pulse;
    private final Map<String, String> loaded = new HashMap<>();

    public ServiceProxy(Topology.Cluster cluster, ClusterState state) {
        this.cluster = cluster;
        this.state = state;
        pulse = new Pulse(cluster.name() + "-proxy", this::reconcile);
        state.onChange(pulse::mark);
    }

    public void start() {
        pulse.start();
    }

    private void reconcile() throws IOException {
        String rules = ServiceRules.text(state.services(), state::slicesOf);
        Set<String> without = state.nodes().stream()
                .filter(node -> node.getMetadata().getLabels().containsKey(ABSENT))
                .map(node -> node.getMetadata().getName())
                .collect(Collectors.toSet());
        for (Topology.Node node : cluster.nodes()) {
            String wanted = without.contains(node.name()) ? ServiceRules.NONE : rules;
            if (!wanted.equals(loaded.get(node.name()))) {
                Commands.run(List.of("ip", "netns", "exec", node.namespace(), "nft", "-f", "-"), Map.of(), wanted);
                loaded.put(node.name(), wanted);
            }
        }
    }

    @Override
    public void close() {
        pulse.close();
    }
}

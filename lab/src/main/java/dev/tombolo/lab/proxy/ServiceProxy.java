package dev.tombolo.lab.proxy;

import dev.tombolo.lab.controller.ClusterState;
import dev.tombolo.lab.controller.Pulse;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.network.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Keeps the service table of every node of a cluster equal to the cluster's services. */
public final class ServiceProxy implements AutoCloseable {
    private final Topology.Cluster cluster;
    private final ClusterState state;
    private final Pulse pulse;
    private String loaded = "";

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
        if (rules.equals(loaded)) {
            return;
        }
        for (Topology.Node node : cluster.nodes()) {
            Commands.run(List.of("ip", "netns", "exec", node.namespace(), "nft", "-f", "-"), Map.of(), rules);
        }
        loaded = rules;
    }

    @Override
    public void close() {
        pulse.close();
    }
}

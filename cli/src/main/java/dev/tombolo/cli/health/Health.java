package dev.tombolo.cli.health;

import java.util.List;

/** How a cluster is: the answer first, then what it rests on. */
public record Health(
        String clusterName,
        int clusterId,
        String version,
        boolean meshEnabled,
        boolean meshServerReady,
        String serviceType,
        List<String> endpoints,
        int nodes,
        int readyNodes,
        int globalServices,
        List<Cluster> clusters,
        List<Problem> problems) {
    public Health {
        endpoints = List.copyOf(endpoints);
        clusters = List.copyOf(clusters);
        problems = List.copyOf(problems);
    }

    /** A peer, as the mesh API server and the nodes see it. */
    public record Cluster(
            String name, String state, int connectedNodes, int remoteNodes, int endpoints, int services) {}

    /** Something wrong: what was seen, and what to do about it. */
    public record Problem(String what, String fix) {}

    public boolean isWell() {
        return problems.isEmpty();
    }
}

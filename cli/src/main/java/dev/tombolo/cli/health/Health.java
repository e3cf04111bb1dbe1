package dev.tombolo.cli.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a cluster is: the answer first, then what it rests on.
 *
 * @param globalServices of each node that reports
 * @param connectedClusters how many each node that reports is connected to
 * @param bgp empty where nobody asked for a session
 */
public record Health(
        String clusterName,
        int clusterId,
        String version,
        MeshServer meshServer,
        Nodes nodes,
        Spread globalServices,
        Spread connectedClusters,
        List<Cluster> clusters,
        Optional<Bgp> bgp,
        List<Problem> problems) {
    public Health {
        clusters = List.copyOf(clusters);
        problems = List.copyOf(problems);
    }

    /** The mesh API server, and where other clusters find it. */
    public record MeshServer(boolean enabled, boolean ready, String serviceType, List<String> endpoints) {
        public MeshServer {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * The nodes of this cluster.
     *
     * @param ready those whose agents reported lately and said that they are ready
     * @param fullyConnected those that are connected to every peer
     */
    public record Nodes(int total, int ready, int fullyConnected) {}

    /**
     * A peer, as the mesh API server and the nodes see it.
     *
     * @param configuredNodes how many nodes of ours know of it
     * @param connectedNodes how many nodes of ours have all it shares, and know it to be current
     * @param serverConnected whether the mesh API server reads it
     * @param paths between nodes, through the tunnel, whatever the state says
     */
    public record Cluster(
            String name,
            String state,
            boolean serverConnected,
            int configuredNodes,
            int connectedNodes,
            int remoteNodes,
            int endpoints,
            int services,
            PathCounts paths) {}

    /** Sessions with routers: how many are established, of how many on how many nodes. */
    public record Bgp(int established, int sessions, int nodes) {}

    /** Something wrong: what was seen, and what to do about it. */
    public record Problem(String what, String fix) {
        public Map<String, Object> document() {
            var document = new LinkedHashMap<String, Object>();
            document.put("what", what);
            document.put("fix", fix);
            return document;
        }
    }

    /** The same with more that is wrong. */
    Health with(List<Problem> more) {
        return with(bgp, more);
    }

    /** The same of a cluster with sessions. */
    Health with(Bgp sessions, List<Problem> more) {
        return with(Optional.of(sessions), more);
    }

    private Health with(Optional<Bgp> sessions, List<Problem> more) {
        return new Health(
                clusterName,
                clusterId,
                version,
                meshServer,
                nodes,
                globalServices,
                connectedClusters,
                clusters,
                sessions,
                Stream.concat(problems.stream(), more.stream()).toList());
    }

    public boolean isWell() {
        return problems.isEmpty();
    }

    public List<Map<String, Object>> problemDocuments() {
        return problems.stream().map(Problem::document).toList();
    }
}

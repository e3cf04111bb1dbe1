package dev.tombolo.cli.health;

import dev.tombolo.kube.object.MeshNodeObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The paths from the nodes of ours that report to the nodes of a peer.
 *
 * @param unknown those of which no agent has learnt yet whether they answer: neither good nor bad
 */
public record PathCounts(int answering, int dead, int unknown) {
    static PathCounts of(String peer, List<MeshNodeObject> nodes) {
        var seen = nodes.stream()
                .flatMap(node -> node.status().clusters().stream())
                .filter(cluster -> cluster.name().equals(peer))
                .toList();
        int all = seen.stream().mapToInt(MeshNodeObject.Cluster::nodes).sum();
        int known = seen.stream().mapToInt(MeshNodeObject.Cluster::paths).sum();
        int answering =
                seen.stream().mapToInt(MeshNodeObject.Cluster::answeringPaths).sum();
        return new PathCounts(answering, known - answering, Math.max(0, all - known));
    }

    /** Whether there is something that a person would look at twice. */
    public boolean isWorthALine() {
        return dead > 0 || unknown > 0;
    }

    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("answering", answering);
        document.put("dead", dead);
        document.put("unknown", unknown);
        return document;
    }

    @Override
    public String toString() {
        return answering + " answering, " + dead + " dead, " + unknown + " unknown";
    }
}

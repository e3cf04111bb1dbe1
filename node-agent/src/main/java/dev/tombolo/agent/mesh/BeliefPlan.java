package dev.tombolo.agent.mesh;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is believed of the rows that came through the mesh: the mirror has checked them, and whoever can write to the
 * local etcd could have written others, so they are checked again here. A cluster without declaration is not believed
 * at all, which is how a disconnect takes everything of it away at once.
 */
public final class BeliefPlan {
    private BeliefPlan() {}

    /** The rules for each declared peer: nothing of ours, nothing of another peer. */
    public static Map<ClusterName, PeerRules> rules(Map<ClusterName, PeerDeclaration> declared, List<Prefix> ours) {
        var rules = new TreeMap<ClusterName, PeerRules>();
        declared.forEach((name, peer) -> {
            var forbidden = new ArrayList<>(ours);
            declared.values().stream()
                    .filter(other -> !other.name().equals(name))
                    .forEach(other -> forbidden.addAll(ranges(other)));
            rules.put(name, new PeerRules(peer, forbidden));
        });
        return rules;
    }

    private static List<Prefix> ranges(PeerDeclaration peer) {
        var ranges = new ArrayList<>(peer.podRanges());
        ranges.addAll(peer.nodeRanges());
        ranges.addAll(peer.tunnelRanges());
        return ranges;
    }
}

package dev.tombolo.cli.mesh;

import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A range that a cluster declares as its own, and what for. */
record DeclaredRange(Kind kind, Prefix prefix) {
    /** What addresses are used for. */
    enum Kind {
        POD,
        NODE,
        TUNNEL,
        SERVICE;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static List<DeclaredRange> of(ClusterMeshObject.Status cluster) {
        return Stream.of(
                        each(Kind.POD, cluster.podCIDRs()),
                        each(Kind.NODE, cluster.nodeCIDRs()),
                        each(Kind.TUNNEL, List.of(cluster.tunnelCIDR())),
                        each(Kind.SERVICE, List.of(cluster.serviceCIDR())))
                .flatMap(ranges -> ranges)
                .toList();
    }

    static List<DeclaredRange> of(MeshPeerObject.Spec peer) {
        return Stream.of(
                        each(Kind.POD, peer.podCIDRs()),
                        each(Kind.NODE, peer.nodeCIDRs()),
                        each(Kind.TUNNEL, List.of(peer.tunnelCIDR())))
                .flatMap(ranges -> ranges)
                .toList();
    }

    /** Each pair of ranges that overlap, as a sentence that names both and the remedy. */
    static List<String> overlaps(String a, List<DeclaredRange> ofA, String b, List<DeclaredRange> ofB) {
        var overlaps = new ArrayList<String>();
        for (var one : ofA) {
            for (var other : ofB) {
                if (one.collidesWith(other)) {
                    overlaps.add("the " + one.kinds(other) + " ranges overlap: " + one.prefix + " of " + a + " and "
                            + other.prefix + " of " + b + "; " + one.remedy(other));
                }
            }
        }
        return overlaps;
    }

    // Service addresses never leave their cluster, so that those of two clusters may be alike.
    private boolean collidesWith(DeclaredRange other) {
        boolean bothServices = kind == Kind.SERVICE && other.kind == Kind.SERVICE;
        return !bothServices && prefix.overlaps(other.prefix);
    }

    private String kinds(DeclaredRange other) {
        return kind == other.kind ? kind.toString() : kind + " and " + other.kind;
    }

    private String remedy(DeclaredRange other) {
        return kind == Kind.TUNNEL || other.kind == Kind.TUNNEL
                ? "choose another with tombolo upgrade --set tunnel.cidr=CIDR"
                : "give one of the clusters other ranges";
    }

    private static Stream<DeclaredRange> each(Kind kind, List<String> texts) {
        return texts.stream()
                .flatMap(text -> Prefix.tryParse(text).stream())
                .map(prefix -> new DeclaredRange(kind, prefix));
    }
}

package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the routes of a node are made of.
 *
 * @param services of this cluster
 * @param egress only the addresses that this node owns now: who has lost one must not be in it any more
 */
public record RouteInput(
        PlannedPeers peers,
        Collection<BgpAdvertisement> advertisements,
        Node node,
        Mesh mesh,
        Collection<BgpService> services,
        Collection<EgressOffer> egress,
        Drain drain) {
    public RouteInput {
        advertisements = List.copyOf(advertisements);
        services = List.copyOf(services);
        egress = List.copyOf(egress);
    }

    /**
     * What this node has of its own.
     *
     * @param podRanges those of its pods
     * @param interfaces as in {@link NodeNetwork}
     */
    public record Node(List<Prefix> podRanges, Map<String, List<IpAddress>> interfaces) {
        public Node {
            podRanges = List.copyOf(podRanges);
            interfaces = Map.copyOf(interfaces);
        }
    }

    /**
     * The mesh as this node sees it.
     *
     * @param self this cluster
     * @param unreachable clusters that no packet gets to; one that is only silent in etcd is not among them
     */
    public record Mesh(ClusterName self, Set<ClusterName> unreachable) {
        public Mesh {
            unreachable = Set.copyOf(unreachable);
        }
    }

    /**
     * What is being drained.
     *
     * @param node present while this node is; sessions have that of the cluster
     */
    public record Drain(Optional<BgpDrain> node, Instant now) {}
}

package dev.tombolo.apiserver.mesh;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What this cluster says of itself for others to connect to it. */
public final class MeshStatusPlan {
    private static final int ETCD_PORT = 2379;

    private MeshStatusPlan() {}

    /** What does not come from Kubernetes objects. */
    public record Facts(
            String certificateAuthority,
            String certificateRequest,
            Optional<Prefix> serviceRange,
            Counts published,
            boolean publishing) {}

    public static ClusterMeshObject.Status status(
            ClusterMeshObject object,
            SelfCluster self,
            Collection<KubeNode> nodes,
            Optional<KubeService> service,
            Facts facts,
            Instant now) {
        var endpoints = endpoints(object.spec(), nodes, service);
        var missing = missing(endpoints, nodes, facts);
        var condition = Condition.of(
                ClusterMeshObject.READY,
                missing.isEmpty(),
                missing.isEmpty() ? "Ready" : "Incomplete",
                missing.isEmpty() ? "other clusters can connect" : String.join("; ", missing),
                since(object.status(), missing.isEmpty(), now));
        return new ClusterMeshObject.Status(
                self.name().value(),
                self.id().value(),
                self.numbering().maxConnectedClusters(),
                endpoints,
                facts.certificateAuthority(),
                facts.certificateRequest(),
                texts(podRanges(nodes)),
                texts(nodeRanges(nodes)),
                self.tunnelRange().toString(),
                facts.serviceRange().map(Prefix::toString).orElse(""),
                facts.published(),
                List.of(condition));
    }

    /** What peers must never claim: the cluster's pods, nodes, tunnel and services. */
    public static List<Prefix> ranges(SelfCluster self, Collection<KubeNode> nodes, Optional<Prefix> serviceRange) {
        var ranges = new ArrayList<Prefix>();
        ranges.addAll(podRanges(nodes));
        ranges.addAll(nodeRanges(nodes));
        ranges.add(self.tunnelRange());
        serviceRange.ifPresent(ranges::add);
        return ranges;
    }

    static List<String> endpoints(
            ClusterMeshObject.Spec spec, Collection<KubeNode> nodes, Optional<KubeService> service) {
        if (!spec.endpoints().isEmpty() || service.isEmpty()) {
            return spec.endpoints();
        }
        return switch (service.get().type()) {
            case NODE_PORT ->
                at(nodes.stream().flatMap(node -> node.internalIps().stream()).toList(), nodePort(service.get()));
            case LOAD_BALANCER -> at(service.get().loadBalancerIps(), ETCD_PORT);
            case CLUSTER_IP -> at(service.get().clusterIps(), ETCD_PORT);
            case EXTERNAL_NAME -> List.of();
        };
    }

    private static List<String> at(List<IpAddress> addresses, int port) {
        return port == 0
                ? List.of()
                : new TreeSet<>(addresses)
                        .stream()
                                .map(address -> "https://" + new SocketEndpoint(address, port))
                                .toList();
    }

    private static int nodePort(KubeService service) {
        return service.ports().stream()
                .filter(port -> port.port() == ETCD_PORT)
                .mapToInt(KubeService.Port::nodePort)
                .findFirst()
                .orElse(0);
    }

    private static List<String> missing(List<String> endpoints, Collection<KubeNode> nodes, Facts facts) {
        var missing = new ArrayList<String>();
        if (endpoints.isEmpty()) {
            missing.add("no endpoint of Service clustermesh-apiserver is known yet");
        }
        if (facts.certificateAuthority().isEmpty() || facts.certificateRequest().isEmpty()) {
            missing.add("certificates are not made yet");
        }
        if (nodes.isEmpty()) {
            missing.add("no node is known yet");
        }
        if (!facts.publishing()) {
            missing.add("the cluster's state is not in etcd yet");
        }
        return missing;
    }

    private static TreeSet<Prefix> podRanges(Collection<KubeNode> nodes) {
        var ranges = new TreeSet<Prefix>();
        nodes.forEach(node -> ranges.addAll(node.podCidrs()));
        return ranges;
    }

    private static TreeSet<Prefix> nodeRanges(Collection<KubeNode> nodes) {
        var ranges = new TreeSet<Prefix>();
        nodes.forEach(node -> node.internalIps().forEach(address -> ranges.add(Prefix.host(address))));
        return ranges;
    }

    private static List<String> texts(Collection<Prefix> ranges) {
        return ranges.stream().map(Prefix::toString).toList();
    }

    private static Instant since(ClusterMeshObject.Status before, boolean ready, Instant now) {
        return before.conditions().stream()
                .filter(old -> old.type().equals(ClusterMeshObject.READY) && old.holds() == ready)
                .findFirst()
                .flatMap(Condition::lastTransitionTime)
                .orElse(now);
    }
}

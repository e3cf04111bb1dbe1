package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.plan.BgpService;
import dev.tombolo.bgp.plan.BgpService.Backends;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeEndpointSlice.Endpoint;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A Service as routers are concerned with it. */
final class BgpServicePlan {
    private BgpServicePlan() {}

    /**
     * Counts backends as they would be chosen: those that are terminating only where there are no others.
     *
     * @param slices of this cluster
     * @param remote as other clusters share it; counted only where it is global here
     * @param global whether the clusters of the mesh share it
     * @param proxied whether kube-proxy serves it too
     * @param pending of its addresses those that this node is to serve and does not yet
     * @param node this one
     */
    static BgpService service(
            KubeService service,
            Collection<KubeEndpointSlice> slices,
            Collection<MeshService> remote,
            boolean global,
            boolean proxied,
            Set<IpAddress> pending,
            String node) {
        var serving = serving(slices);
        int onNode = count(serving, endpoint -> endpoint.nodeName().equals(node));
        return new BgpService(
                new ServiceName(service.key().namespace(), service.key().name()),
                service.labels(),
                service.loadBalancing().loadBalancerClass(),
                Map.of(
                        ServiceAddress.LoadBalancerIP, service.loadBalancerIps(),
                        ServiceAddress.ExternalIP, service.outside().externalIps(),
                        ServiceAddress.ClusterIP, service.clusterIps()),
                service.outside().localOnly(),
                service.internalLocal(),
                global,
                proxied,
                new Backends(onNode, count(serving, _ -> true), global ? counted(remote) : Map.of()),
                pending);
    }

    private static List<Endpoint> serving(Collection<KubeEndpointSlice> slices) {
        var all = slices.stream().flatMap(slice -> slice.endpoints().stream()).toList();
        var ready = all.stream()
                .filter(endpoint -> endpoint.ready() && !endpoint.terminating())
                .toList();
        return ready.isEmpty() ? all.stream().filter(Endpoint::serving).toList() : ready;
    }

    private static int count(List<Endpoint> endpoints, Predicate<Endpoint> which) {
        return (int) endpoints.stream()
                .filter(which)
                .map(Endpoint::address)
                .distinct()
                .count();
    }

    private static Map<ClusterName, Integer> counted(Collection<MeshService> remote) {
        var counts = new TreeMap<ClusterName, Integer>();
        for (MeshService service : remote) {
            Map<IpAddress, ?> backends = service.backends();
            if (!backends.isEmpty()) {
                counts.put(service.cluster(), backends.size());
            }
        }
        return counts;
    }
}

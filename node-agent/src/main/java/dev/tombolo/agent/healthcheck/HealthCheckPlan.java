package dev.tombolo.agent.healthcheck;

import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeService;
import java.util.Collection;
import java.util.Optional;

/** Which services load balancers ask this node about, and what they hear. */
final class HealthCheckPlan {
    private HealthCheckPlan() {}

    /** Of a service whose clients outside are served only by nodes that have a backend of it; as kube-proxy does it. */
    static Optional<HealthCheck> plan(KubeService service, Collection<KubeEndpointSlice> slices, String node) {
        var outside = service.outside();
        boolean isAsked = service.type() == KubeService.Type.LOAD_BALANCER
                && !service.isOfAnotherProxy()
                && outside.localOnly()
                && outside.healthCheckNodePort() > 0;
        return isAsked
                ? Optional.of(new HealthCheck(outside.healthCheckNodePort(), local(slices, node)))
                : Optional.empty();
    }

    /** One that ends is not ready and does not count, also where it is the last: the load balancer is to look for another node. */
    private static int local(Collection<KubeEndpointSlice> slices, String node) {
        return (int) slices.stream()
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> endpoint.nodeName().equals(node))
                .filter(KubeEndpointSlice.Endpoint::ready)
                .map(KubeEndpointSlice.Endpoint::address)
                .distinct()
                .count();
    }
}

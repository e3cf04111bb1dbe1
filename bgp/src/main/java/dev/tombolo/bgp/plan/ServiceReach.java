package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement.RemoteBackends;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;

/** Whether this node can take what comes for an address of a service to a backend. */
sealed interface ServiceReach {
    /** There are backends of this cluster, or others that are as good. */
    record Good() implements ServiceReach {}

    /** Only backends of other clusters, for which other routes are better. */
    record Standby() implements ServiceReach {}

    record None(String why) implements ServiceReach {}

    static ServiceReach of(BgpService service, ServiceAddress kind, RemoteBackends remote, RouteInput.Mesh mesh) {
        var backends = service.backends();
        boolean local = kind == ServiceAddress.ClusterIP ? service.internalLocal() : service.externalLocal();
        if (local) {
            String policy = kind == ServiceAddress.ClusterIP ? "internalTrafficPolicy" : "externalTrafficPolicy";
            return backends.onNode() > 0
                    ? new Good()
                    : new None("no backend on this node takes connections, and " + policy + " is Local");
        }
        return backends.inCluster() > 0 ? new Good() : byOthers(service, remote, mesh);
    }

    private static ServiceReach byOthers(BgpService service, RemoteBackends remote, RouteInput.Mesh mesh) {
        var there = service.backends().remote();
        int alive = there.entrySet().stream()
                .filter(cluster -> service.global() && !mesh.unreachable().contains(cluster.getKey()))
                .mapToInt(java.util.Map.Entry::getValue)
                .sum();
        if (alive == 0) {
            boolean cutOff = service.global() && there.values().stream().anyMatch(count -> count > 0);
            return new None(
                    cutOff
                            ? "no backend of this cluster takes connections, and no packet gets to those of others"
                            : "no backend takes connections");
        }
        return switch (remote) {
            case ADVERTISE -> new Good();
            case PREPEND -> new Standby();
            case WITHDRAW ->
                new None("only backends of other clusters take connections; the annotation "
                        + "bgp.tombolo.dev/remote-backends of the advertisement can say that they are enough");
        };
    }
}

package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement.RemoteBackends;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;

/** Whether this node can take what comes for an address of a service to a backend. */
sealed interface ServiceReach {
    String OTHER_ADDRESS = "give the service one for clients outside: type LoadBalancer, or externalIPs";

    /** There are backends of this cluster, or others that are as good. */
    record Good() implements ServiceReach {}

    /** Only backends of other clusters, for which other routes are better. */
    record Standby() implements ServiceReach {}

    record None(String why) implements ServiceReach {}

    static ServiceReach of(BgpService service, ServiceAddress kind, RemoteBackends remote, RouteInput.Mesh mesh) {
        if (kind == ServiceAddress.ClusterIP) {
            return atClusterAddress(service);
        }
        if (service.externalLocal()) {
            return byThisNode(service, "externalTrafficPolicy");
        }
        return service.backends().inCluster() > 0 ? new Good() : byOthers(service, remote, mesh);
    }

    /** Agents serve cluster addresses to pods. Clients outside have kube-proxy, which knows its own cluster's backends. */
    private static ServiceReach atClusterAddress(BgpService service) {
        if (!service.proxied()) {
            return new None("without kube-proxy a cluster address is for pods only; " + OTHER_ADDRESS);
        }
        if (service.internalLocal()) {
            return byThisNode(service, "internalTrafficPolicy");
        }
        if (service.backends().inCluster() > 0) {
            return new Good();
        }
        return new None(
                hasRemote(service)
                        ? "only backends of other clusters take connections, and from outside a cluster address leads to "
                                + "those of its own cluster; " + OTHER_ADDRESS
                        : "no backend takes connections");
    }

    private static ServiceReach byThisNode(BgpService service, String policy) {
        return service.backends().onNode() > 0
                ? new Good()
                : new None("no backend on this node takes connections, and " + policy + " is Local");
    }

    private static ServiceReach byOthers(BgpService service, RemoteBackends remote, RouteInput.Mesh mesh) {
        var there = service.backends().remote();
        int alive = there.entrySet().stream()
                .filter(cluster -> service.global() && !mesh.unreachable().contains(cluster.getKey()))
                .mapToInt(java.util.Map.Entry::getValue)
                .sum();
        if (alive == 0) {
            return new None(
                    hasRemote(service)
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

    private static boolean hasRemote(BgpService service) {
        return service.global() && service.backends().remote().values().stream().anyMatch(count -> count > 0);
    }
}

package dev.tombolo.agent.service;

import dev.tombolo.agent.path.Path;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.view.BackendView.State;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Every place that could answer a port of a service, whether it is offered or not, with what is known of it.
 *
 * @param byEndpoint as it is connected to; where there is no way yet, as its cluster names it
 */
record KnownBackends(Map<SocketEndpoint, Known> byEndpoint) {
    /** Where the answer to connections is, and what it is in if nobody offers it. */
    record Known(String cluster, String node, String zone, boolean remote, State unoffered, String why) {}

    static KnownBackends of(
            String cluster,
            boolean v4,
            KubeService.Port port,
            Collection<KubeEndpointSlice> slices,
            Collection<MeshService> remote,
            Function<IpAddress, Optional<Path>> paths) {
        var known = new KnownBackends(new TreeMap<>());
        remote.forEach(service -> known.addRemote(service, v4, port, paths));
        slices.forEach(slice -> known.addLocal(slice, cluster, v4, port));
        return known;
    }

    private void addLocal(KubeEndpointSlice slice, String cluster, boolean v4, KubeService.Port port) {
        for (var own : slice.ports()) {
            if (!own.name().equals(port.name()) || own.protocol() != port.protocol()) {
                continue;
            }
            slice.endpoints().stream()
                    .filter(endpoint -> endpoint.address().isV4() == v4)
                    .forEach(endpoint -> byEndpoint.put(
                            new SocketEndpoint(endpoint.address(), own.port()), local(cluster, endpoint)));
        }
    }

    private static Known local(String cluster, KubeEndpointSlice.Endpoint endpoint) {
        boolean answers = endpoint.ready() || endpoint.terminating() && endpoint.serving();
        return new Known(
                cluster,
                endpoint.nodeName(),
                endpoint.zone(),
                false,
                answers ? State.LEFT_OUT : State.NOT_READY,
                answers || !endpoint.terminating() ? "" : "it is terminating, and answers no more");
    }

    private void addRemote(
            MeshService service, boolean v4, KubeService.Port port, Function<IpAddress, Optional<Path>> paths) {
        service.backends().forEach((address, portsByName) -> {
            var remotePort = portsByName.get(port.name());
            if (remotePort == null || remotePort.protocol() != port.protocol() || address.isV4() != v4) {
                return;
            }
            var path = paths.apply(address).filter(way -> way.node().cluster().equals(service.cluster()));
            var reached = path.map(Path::delivery).orElse(address);
            String zone = service.zones().getOrDefault(address, "");
            byEndpoint.put(
                    new SocketEndpoint(reached, remotePort.port()),
                    path.map(way -> remote(service, way, zone)).orElse(waiting(service, zone)));
        });
    }

    private static Known remote(MeshService service, Path way, String zone) {
        return new Known(service.cluster().value(), way.node().name(), zone, true, State.LEFT_OUT, "");
    }

    private static Known waiting(MeshService service, String zone) {
        String why = "no way to a node of " + service.cluster() + " leads there yet";
        return new Known(service.cluster().value(), "", zone, true, State.WAITING, why);
    }
}

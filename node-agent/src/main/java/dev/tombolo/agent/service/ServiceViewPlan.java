package dev.tombolo.agent.service;

import dev.tombolo.agent.path.Path;
import dev.tombolo.agent.service.KnownBackends.Known;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.view.Audience;
import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.BackendView.State;
import dev.tombolo.model.service.view.FrontendView;
import dev.tombolo.model.service.view.FrontendView.Kind;
import dev.tombolo.model.service.view.ServiceView;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What this node makes of one service, for people: who is served where, by what backends, and why not by the others. */
public final class ServiceViewPlan {
    private final ServicePlan.Self self;
    private final KubeService service;
    private final ServedService served;
    private final Facts facts;

    private ServiceViewPlan(ServicePlan.Self self, KubeService service, ServedService served, Facts facts) {
        this.self = self;
        this.service = service;
        this.served = served;
        this.facts = facts;
    }

    /**
     * What is known beside the plan.
     *
     * @param problems why a frontend is not in the kernel as it should be
     * @param connections from outside, by frontend and backend
     */
    public record Facts(
            Collection<KubeEndpointSlice> slices,
            Collection<MeshService> remote,
            Function<IpAddress, Optional<Path>> paths,
            Map<Frontend, String> problems,
            Map<Frontend, Map<SocketEndpoint, Integer>> connections) {}

    public static ServiceView view(ServicePlan.Self self, KubeService service, ServedService served, Facts facts) {
        return new ServiceViewPlan(self, service, served, facts).view();
    }

    private ServiceView view() {
        var frontends = served.ports().entrySet().stream()
                .flatMap(row -> frontend(row.getKey(), row.getValue()).stream())
                .toList();
        return new ServiceView(
                self.node(),
                self.name().value(),
                served.name(),
                served.global(),
                served.shared(),
                served.affinity(),
                "",
                frontends);
    }

    private Optional<FrontendView> frontend(Frontend frontend, BackendSet backends) {
        var kind = kind(frontend);
        return port(frontend, kind)
                .map(port -> new FrontendView(
                        frontend.endpoint(),
                        frontend.protocol(),
                        port.name(),
                        kind,
                        audience(kind, backends),
                        facts.problems().getOrDefault(frontend, ""),
                        backends(frontend, kind, backends, port)));
    }

    private Kind kind(Frontend frontend) {
        var address = frontend.endpoint().address();
        if (frontend.scope() == ServiceScope.HOST) {
            return Kind.LOOPBACK;
        }
        if (service.clusterIps().contains(address)) {
            return Kind.CLUSTER;
        }
        if (service.loadBalancerIps().contains(address)) {
            return Kind.LOAD_BALANCER;
        }
        return service.outside().externalIps().contains(address) ? Kind.EXTERNAL : Kind.NODE_PORT;
    }

    private Optional<KubeService.Port> port(Frontend frontend, Kind kind) {
        int number = frontend.endpoint().port();
        return service.ports().stream()
                .filter(port -> port.protocol() == frontend.protocol())
                .filter(port -> number == (isOfNodes(kind) ? port.nodePort() : port.port()))
                .findFirst();
    }

    private static boolean isOfNodes(Kind kind) {
        return kind == Kind.NODE_PORT || kind == Kind.LOOPBACK;
    }

    /** Sockets are not served where a client's address decides: what they will have is not known when they connect. */
    private Audience audience(Kind kind, BackendSet backends) {
        var clients = backends.clients();
        boolean isLocal = clients.reach().isLocal();
        return new Audience(
                !isLocal && clients.ranges().isEmpty(),
                clients.reach() != Reach.CLUSTER,
                isLocal || kind == Kind.CLUSTER && service.internalLocal(),
                clients.ranges().map(List::copyOf),
                clients.together(),
                clients.direct());
    }

    private List<BackendView> backends(Frontend frontend, Kind kind, BackendSet set, KubeService.Port port) {
        boolean v4 = frontend.endpoint().address().isV4();
        var remote = served.global() ? facts.remote() : List.<MeshService>of();
        var known = KnownBackends.of(self.name().value(), v4, port, facts.slices(), remote, facts.paths());
        var offered = offered(set);
        var connections = facts.connections().getOrDefault(frontend, Map.of());
        boolean nodeOnly = audience(kind, set).nodeOnly();
        var weights = WeightPlan.perBackend(set);
        return Stream.of(known.byEndpoint().keySet(), offered.keySet(), connections.keySet())
                .flatMap(Collection::stream)
                .distinct()
                .sorted()
                .map(place -> {
                    var about = Optional.ofNullable(known.byEndpoint().get(place))
                            .orElseGet(() -> unknown(Optional.ofNullable(offered.get(place))));
                    var state = Optional.ofNullable(offered.get(place)).map(Offered::state);
                    return new BackendView(
                            place,
                            about.cluster(),
                            about.node(),
                            about.zone(),
                            state.orElse(about.unoffered()),
                            state.map(found -> why(found, place)).orElseGet(() -> whyNot(about, nodeOnly, set)),
                            state.equals(Optional.of(State.ACTIVE))
                                    ? weights.get(offered.get(place).backend().cluster())
                                    : 0,
                            connections.getOrDefault(place, 0));
                })
                .toList();
    }

    private record Offered(Backend backend, State state) {}

    private static Map<SocketEndpoint, Offered> offered(BackendSet set) {
        var offered = new TreeMap<SocketEndpoint, Offered>();
        set.dead().forEach(backend -> offered.put(backend.endpoint(), new Offered(backend, State.DEAD_PATH)));
        set.draining().forEach(backend -> offered.put(backend.endpoint(), new Offered(backend, State.DRAINING)));
        set.active().forEach(backend -> offered.put(backend.endpoint(), new Offered(backend, State.ACTIVE)));
        return offered;
    }

    /** One that the mesh does not tell of is from before this agent's start, or has nothing but connections. */
    private static Known unknown(Optional<Offered> offered) {
        String cluster = offered.map(place -> place.backend().cluster().value()).orElse("");
        return new Known(cluster, "", "", true, State.GONE, "its connections end by themselves");
    }

    private String why(State state, SocketEndpoint place) {
        return switch (state) {
            case ACTIVE -> isDead(place) ? "the way to it does not answer, but there is nobody else" : "";
            case DRAINING -> "it is terminating";
            case DEAD_PATH, WAITING, NOT_READY, LEFT_OUT, GONE -> "";
        };
    }

    private boolean isDead(SocketEndpoint place) {
        return facts.paths().apply(place.address()).filter(Path::dead).isPresent();
    }

    private String whyNot(Known backend, boolean nodeOnly, BackendSet set) {
        if (backend.unoffered() != State.LEFT_OUT) {
            return backend.why();
        }
        if (nodeOnly) {
            return backend.node().equals(self.node()) && !backend.remote()
                    ? "others are preferred"
                    : "it is not on this node";
        }
        if (backend.remote() && served.affinity() == Affinity.LOCAL
                || !backend.remote() && served.affinity() == Affinity.REMOTE) {
            return "the service's affinity is " + served.affinity().name().toLowerCase(java.util.Locale.ROOT);
        }
        return set.active().isEmpty() ? "" : "others are preferred";
    }
}

package dev.tombolo.cli.session;

import dev.tombolo.lab.apiserver.RunningServer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.view.RouteView;
import dev.tombolo.model.bgp.view.RouteView.Attributes;
import dev.tombolo.model.bgp.view.RouteView.Reason;
import dev.tombolo.model.bgp.view.RouteView.State;
import dev.tombolo.model.bgp.view.RouterView;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesQuestion.Range;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.bgp.view.WithheldView;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Agents on three nodes: on n1 all is told to both routers, n2 has no session with tor2, n3's is of an older version. */
final class LivingRoutes {
    private static final PeerId TOR1 = new PeerId("main", "tor1");
    private static final PeerId TOR2 = new PeerId("main", "tor2");
    private static final String BACKUP = "all: Service shop/backup LoadBalancerIP 192.0.2.144";

    private final RunningServer server;
    private final KubernetesClient client;

    LivingRoutes(RunningServer server, KubernetesClient client) {
        this.server = server;
        this.client = client;
    }

    void begin() {
        new LivingAgents(server, client).begin(LivingRoutes::answer);
    }

    private static Process answer(String node, List<String> command) throws IOException {
        if (node.equals("n3")) {
            return LivingAgents.process(2, "read \"bgp-routes\", expected run, cleanup, flows, service or train");
        }
        var question = RoutesQuestion.parse(command.subList(2, command.size()));
        return LivingAgents.process(0, "", view(node, question).lines().toArray(String[]::new));
    }

    private static RoutesView view(String node, RoutesQuestion question) {
        boolean up = node.equals("n1");
        var routers = Stream.of(router(TOR1, "192.0.2.1", true), router(TOR2, "2001:db8::1", up))
                .filter(router -> question.isOfPeer(router.id(), IpAddress.parse(router.address())))
                .toList();
        var routes = routers.stream()
                .flatMap(router -> routes(node, router))
                .filter(route -> question.range() == Range.AVAILABLE || route.isTold())
                .filter(route -> question.isOfRoute(route.prefix()))
                .toList();
        int shown = Math.min(routes.size(), question.limit());
        return new RoutesView(
                node, "", routers, routes.subList(0, shown), routes.size() - shown, withheld(question), 0);
    }

    private static List<WithheldView> withheld(RoutesQuestion question) {
        var some = new WithheldView(
                "all", Optional.empty(), "Service shop/db LoadBalancerIP 192.0.2.99", "no backend takes connections");
        return question.range() == Range.AVAILABLE && question.isOfSubject(some.subject()) ? List.of(some) : List.of();
    }

    private static RouterView router(PeerId id, String address, boolean up) {
        return new RouterView(
                id,
                address,
                65_000,
                up ? "established" : "active",
                "2026-01-02T03:04:05Z",
                up ? "" : "the router does not answer yet");
    }

    private static Stream<RouteView> routes(String node, RouterView router) {
        boolean up = router.reason().isEmpty();
        String hop = node.equals("n1") ? "192.0.2.9" : "192.0.2.10";
        var plain = new Attributes(hop, List.of(), OptionalLong.empty(), OptionalLong.empty(), List.of("65001:7"));
        var worse =
                new Attributes(hop, List.of("65001", "65001"), OptionalLong.of(50), OptionalLong.empty(), List.of());
        String why = up ? "" : "the session is active: " + router.reason();
        var state = up ? State.ADVERTISED : State.PENDING;
        return Stream.of(
                route(router.id(), "10.1.0.0/24", state, plain, false, "all: pods of this node 10.1.0.0/24", why),
                route(router.id(), "192.0.2.144/32", state, worse, true, BACKUP, why));
    }

    private static RouteView route(
            PeerId peer, String prefix, State state, Attributes marks, boolean standby, String reason, String why) {
        String[] parts = reason.split(": ");
        return new RouteView(
                peer, Prefix.parse(prefix), state, marks, standby, List.of(new Reason(parts[0], parts[1])), why);
    }
}

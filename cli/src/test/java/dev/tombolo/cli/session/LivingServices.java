package dev.tombolo.cli.session;

import dev.tombolo.lab.apiserver.RunningServer;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.Audience;
import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.BackendView.State;
import dev.tombolo.model.service.view.FrontendView;
import dev.tombolo.model.service.view.FrontendView.Kind;
import dev.tombolo.model.service.view.ServiceView;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Agents on three nodes: one that fails, one that tells of service shop/web, and one of an older version. */
final class LivingServices {
    private final RunningServer server;
    private final KubernetesClient client;

    LivingServices(RunningServer server, KubernetesClient client) {
        this.server = server;
        this.client = client;
    }

    void begin() {
        new LivingAgents(server, client).begin(LivingServices::answer);
    }

    private static Process answer(String node, List<String> command) throws IOException {
        return switch (node) {
            case "n1" -> LivingAgents.process(1, "no agent answers at /run/tombolo/agent.sock");
            case "n2" -> LivingAgents.process(0, String.join(" ", command), lines(command.getLast()));
            default -> LivingAgents.process(2, "read \"service\", expected run, cleanup, flows or train");
        };
    }

    private static String[] lines(String service) {
        String[] name = service.split("/");
        boolean web = name[1].equals("web");
        return new ServiceView(
                        "n2",
                        "west",
                        new ServiceName(name[0], name[1]),
                        web,
                        web,
                        Affinity.LOCAL,
                        web ? "" : "it is not global, and kube-proxy-replacement is false: kube-proxy serves it",
                        web ? frontends() : List.of())
                .lines()
                .toArray(String[]::new);
    }

    private static List<FrontendView> frontends() {
        var inside = new Audience(true, false, false, Optional.empty(), true, false);
        var ranges = Optional.of(List.of(Prefix.parse("198.51.100.0/24")));
        return List.of(
                frontend(
                        "10.96.0.10:80",
                        Kind.CLUSTER,
                        inside,
                        List.of(
                                backend("10.1.0.7:8080", "west", "n1", State.ACTIVE, "", 0),
                                backend("10.1.0.9:8080", "west", "n2", State.DRAINING, "it is terminating", 0),
                                backend(
                                        "10.2.0.7:8080",
                                        "east",
                                        "e1",
                                        State.LEFT_OUT,
                                        "the service's affinity is local",
                                        0))),
                frontend(
                        "192.0.2.10:80",
                        Kind.LOAD_BALANCER,
                        new Audience(false, true, false, ranges, true, true),
                        List.of(
                                backend("10.1.0.7:8080", "west", "n1", State.ACTIVE, "", 2),
                                backend("10.1.0.9:8080", "west", "n2", State.DRAINING, "it is terminating", 1))),
                frontend(
                        "172.30.1.12:30080",
                        Kind.NODE_PORT,
                        new Audience(false, true, true, Optional.empty(), true, false),
                        List.of(backend("10.1.0.7:8080", "west", "n1", State.LEFT_OUT, "it is not on this node", 0))));
    }

    private static FrontendView frontend(String endpoint, Kind kind, Audience audience, List<BackendView> backends) {
        return new FrontendView(SocketEndpoint.parse(endpoint), Protocol.TCP, "http", kind, audience, "", backends);
    }

    private static BackendView backend(
            String endpoint, String cluster, String node, State state, String why, int connections) {
        int weight = state == State.ACTIVE ? 1 : 0;
        return new BackendView(SocketEndpoint.parse(endpoint), cluster, node, "", state, why, weight, connections);
    }
}

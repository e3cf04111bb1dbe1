package dev.tombolo.cli.service;

import dev.tombolo.cli.service.ServiceExplanation.Choice;
import dev.tombolo.cli.service.ServiceExplanation.Outcome;
import dev.tombolo.cli.service.ServiceExplanation.Share;
import dev.tombolo.cli.service.ServiceExplanation.Successors;
import dev.tombolo.cli.service.ServiceExplanation.Way;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.BackendView.State;
import dev.tombolo.model.service.view.ConnectionChoice;
import dev.tombolo.model.service.view.FrontendView;
import dev.tombolo.model.service.view.ServiceView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Explains what a node makes of a new connection of a client to a service. */
final class ServiceExplanationPlan {
    private ServiceExplanationPlan() {}

    /** @param port number or name that the service has for it, or the number of a port of nodes; empty for all */
    static ServiceExplanation explain(Client client, ServiceView service, Optional<String> port) {
        var ways = service.frontends().stream()
                .filter(frontend ->
                        port.filter(wanted -> !isPort(frontend, wanted)).isEmpty())
                .filter(frontend -> isOfFamily(client, frontend))
                .map(frontend -> new Way(frontend, outcome(client, frontend, service)))
                .toList();
        return new ServiceExplanation(client, service, ways);
    }

    private static boolean isPort(FrontendView frontend, String wanted) {
        return wanted.equals(frontend.port())
                || wanted.equals(Integer.toString(frontend.endpoint().port()));
    }

    private static boolean isOfFamily(Client client, FrontendView frontend) {
        return switch (client) {
            case Client.Inside _ -> true;
            case Client.Outside(var endpoint) ->
                endpoint.address().isV4() == frontend.endpoint().address().isV4();
        };
    }

    private static Outcome outcome(Client client, FrontendView frontend, ServiceView service) {
        if (!frontend.problem().isEmpty()) {
            return new Outcome.NotServed(frontend.problem());
        }
        return switch (client) {
            case Client.Inside _ -> inside(frontend, service);
            case Client.Outside(var endpoint) -> outside(endpoint, frontend, service);
        };
    }

    private static Outcome inside(FrontendView frontend, ServiceView service) {
        var audience = frontend.audience();
        if (!audience.sockets()) {
            return new Outcome.NotServed("sockets are not served there: "
                    + (audience.ranges().isPresent()
                            ? "loadBalancerSourceRanges are of clients outside"
                            : "externalTrafficPolicy is Local; those inside have an entry of their own"));
        }
        if (frontend.kind() == FrontendView.Kind.LOOPBACK) {
            return new Outcome.NotServed("it is for programs in the node's own network only");
        }
        var choice = audience.byClient() ? Choice.BY_POD : Choice.RANDOM;
        return chosen(choice, List.of(), frontend, service);
    }

    private static Outcome outside(SocketEndpoint client, FrontendView frontend, ServiceView service) {
        var audience = frontend.audience();
        if (!audience.packets()) {
            return new Outcome.NotServed("it is for clients inside the cluster only");
        }
        boolean isAllowed = audience.ranges()
                .map(ranges -> contains(ranges, client.address()))
                .orElse(true);
        var choice = audience.byClient() ? Choice.BY_CLIENT : Choice.BY_CONNECTION;
        var chosen = chosen(choice, ConnectionChoice.order(frontend, client), frontend, service);
        // The programs look for a backend first: a client that is not allowed hears of none as anybody does.
        return isAllowed || chosen instanceof Outcome.Refused
                ? chosen
                : new Outcome.Dropped("loadBalancerSourceRanges has no range with " + client.address());
    }

    private static boolean contains(List<Prefix> ranges, IpAddress client) {
        return ranges.stream().anyMatch(range -> range.contains(client));
    }

    private static Outcome chosen(Choice choice, List<BackendView> order, FrontendView frontend, ServiceView service) {
        var active = frontend.in(State.ACTIVE);
        if (active.isEmpty()) {
            return new Outcome.Refused(
                    frontend.audience().nodeOnly()
                            ? "there is no active backend on node " + service.node()
                                    + ", and only those of the node serve"
                            : "there is no active backend");
        }
        var candidates = active.stream()
                .map(backend -> new Share(backend, frontend.share(backend)))
                .toList();
        var successors =
                active.stream().map(backend -> successors(backend, frontend)).toList();
        return new Outcome.Served(choice, candidates, successors, order);
    }

    private static Successors successors(BackendView leaving, FrontendView frontend) {
        var others = frontend.in(State.ACTIVE).stream()
                .filter(backend -> !backend.equals(leaving))
                .toList();
        if (!others.isEmpty()) {
            return new Successors(leaving, others, "");
        }
        var next = Stream.concat(frontend.in(State.DRAINING).stream(), frontend.in(State.LEFT_OUT).stream())
                .filter(backend -> !frontend.audience().nodeOnly() || backend.state() == State.DRAINING)
                .toList();
        if (!next.isEmpty()) {
            return new Successors(leaving, next, "then nobody else is left");
        }
        return frontend.audience().nodeOnly()
                ? new Successors(leaving, List.of(), "")
                : new Successors(
                        leaving, frontend.in(State.DEAD_PATH), "the way to it may be dead, but nobody is left");
    }
}

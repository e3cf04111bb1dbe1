package dev.tombolo.cli.service;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.output.Console;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.exec.PodCommands.Place;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.view.ServiceView;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Asks one agent how its node serves a service, by a command in its container. */
final class ServiceAgents {
    /** Where any node will do: who cannot ask these will hardly reach another one. */
    private static final int MOST_ASKED = 3;

    /** As a program of an agent ends that is told to do what it does not know. */
    private static final int UNKNOWN = 2;

    private final KubeApi api;
    private final Console console;

    ServiceAgents(KubeApi api, Console console) {
        this.api = api;
        this.console = console;
    }

    /** @param node empty for any one that can be asked; those that could not are named */
    ServiceView view(ServiceName service, Optional<String> node) throws IOException {
        for (var agent : agents(node)) {
            var view = ask(agent, service);
            if (view.isPresent()) {
                return view.get();
            }
        }
        throw CommandFailure.failed("no agent said how its node serves " + service
                + "; see tombolo status, and tombolo service list for what the cluster's API knows");
    }

    private List<KubePod> agents(Optional<String> node) throws IOException {
        var agents = api.reads().pods(Manifests.NAMESPACE, Manifests.AGENT).stream()
                .filter(pod -> pod.phase() == KubePod.Phase.RUNNING && !pod.terminating())
                .filter(pod ->
                        node.filter(wanted -> !wanted.equals(pod.nodeName())).isEmpty())
                .sorted(Comparator.comparing((KubePod pod) -> !pod.ready()).thenComparing(KubePod::nodeName))
                .limit(MOST_ASKED)
                .toList();
        if (agents.isEmpty()) {
            throw CommandFailure.failed(node.map(name -> "no agent of Tombolo runs on node " + name + " of "
                            + api.address() + "; see tombolo node list")
                    .orElse("no agent of Tombolo runs in " + api.address() + "; see tombolo status"));
        }
        return agents;
    }

    private Optional<ServiceView> ask(KubePod agent, ServiceName service) {
        var lines = new ConcurrentLinkedQueue<String>();
        var complaints = new ConcurrentLinkedQueue<String>();
        try {
            int code = api.commands()
                    .run(
                            new Place(agent.key(), Manifests.AGENT_CONTAINER),
                            List.of(Manifests.AGENT_PROGRAM, "service", service.toString()),
                            lines::add,
                            complaints::add);
            var view = code == 0 ? ServiceView.parse(List.copyOf(lines)) : Optional.<ServiceView>empty();
            if (view.isEmpty()) {
                warn(agent, why(code, complaints));
            }
            return view;
        } catch (IOException silent) {
            warn(agent, silent.getMessage());
            return Optional.empty();
        }
    }

    private static String why(int code, Iterable<String> complaints) {
        return switch (code) {
            case 0 -> "what its agent said was not understood; run: tombolo upgrade";
            case UNKNOWN -> "its agent tells of no services; run: tombolo upgrade";
            default -> "its agent could not be asked: " + String.join("; ", complaints);
        };
    }

    private void warn(KubePod agent, String what) {
        console.warn("node " + agent.nodeName() + ": " + what);
    }
}

package dev.tombolo.cli.bgp;

import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.exec.PodCommands.Place;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** Asks agents what their nodes tell routers, each by a command in its container. */
final class BgpAgents {
    /** The API server has to carry them all. */
    private static final int AT_ONCE = 32;

    /** As a program of an agent ends that is told to do what it does not know. */
    private static final int UNKNOWN = 2;

    private final KubeApi api;
    private final List<String> command;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Map<String, RoutesView> views = new ConcurrentSkipListMap<>();
    private final Map<String, String> silent = new ConcurrentSkipListMap<>();

    BgpAgents(KubeApi api, RoutesQuestion question) {
        this.api = api;
        command = new ArrayList<>(List.of(Manifests.AGENT_PROGRAM, "bgp-routes"));
        command.addAll(question.words());
    }

    BgpRoutes ask(Collection<String> nodes) throws IOException {
        var agents = api.reads().pods(Manifests.NAMESPACE, Manifests.AGENT).stream()
                .filter(pod -> pod.phase() == KubePod.Phase.RUNNING && !pod.terminating())
                .collect(Collectors.toMap(KubePod::nodeName, pod -> pod, (one, other) -> one.ready() ? one : other));
        var asked = new ArrayList<Thread>();
        for (String node : nodes) {
            if (agents.containsKey(node)) {
                asked.add(Thread.ofVirtual().start(() -> ask(agents.get(node))));
            } else {
                silent.put(node, "no agent of Tombolo runs on it; see tombolo status");
            }
        }
        await(asked);
        return new BgpRoutes(List.copyOf(views.values()), silent);
    }

    private static void await(List<Thread> asked) throws IOException {
        try {
            for (var one : asked) {
                one.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private void ask(KubePod agent) {
        try {
            free.acquire();
            try {
                run(agent);
            } finally {
                free.release();
            }
        } catch (IOException failure) {
            silent.put(agent.nodeName(), failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(KubePod agent) throws IOException {
        var lines = new ConcurrentLinkedQueue<String>();
        var complaints = new ConcurrentLinkedQueue<String>();
        int code = api.commands()
                .run(new Place(agent.key(), Manifests.AGENT_CONTAINER), command, lines::add, complaints::add);
        switch (code) {
            case 0 ->
                RoutesView.parse(List.copyOf(lines))
                        .ifPresentOrElse(
                                view -> views.put(agent.nodeName(), view),
                                () -> silent.put(
                                        agent.nodeName(),
                                        "what its agent said was not understood; run: tombolo upgrade"));
            case UNKNOWN -> silent.put(agent.nodeName(), "its agent tells of no routes; run: tombolo upgrade");
            default -> silent.put(agent.nodeName(), "its agent could not be asked: " + String.join("; ", complaints));
        }
    }
}

package dev.tombolo.cli.observe;

import dev.tombolo.cli.output.Console;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.exec.PodCommands.Place;
import dev.tombolo.kube.object.KubePod;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Asks agents for their flows, each by a command in its container; a node that cannot be asked is named. */
final class AgentFlows {
    /** The API server has to carry them all. */
    private static final int AT_ONCE = 32;

    private final KubeApi api;
    private final Console console;
    private final List<String> command;
    private final Semaphore free;

    /** @param follow then none ends before the others, and all are asked at once */
    AgentFlows(KubeApi api, Console console, List<String> command, boolean follow) {
        this.api = api;
        this.console = console;
        this.command = command;
        free = new Semaphore(follow ? Integer.MAX_VALUE : AT_ONCE);
    }

    /** True when all of them have told what they know. */
    boolean ask(List<KubePod> agents, Consumer<EgressFlow> taker) throws IOException {
        var silent = new ConcurrentLinkedQueue<String>();
        var asked = agents.stream()
                .map(agent -> Thread.ofVirtual()
                        .start(() -> why(agent, taker)
                                .ifPresent(reason -> silent.add("node " + agent.nodeName() + ": " + reason))))
                .toList();
        try {
            for (var one : asked) {
                one.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        silent.stream().sorted().forEach(console::warn);
        return silent.isEmpty();
    }

    /** Why an agent did not answer. */
    private Optional<String> why(KubePod agent, Consumer<EgressFlow> taker) {
        try {
            free.acquire();
            try {
                return run(agent, taker);
            } finally {
                free.release();
            }
        } catch (IOException failure) {
            return Optional.of(failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private Optional<String> run(KubePod agent, Consumer<EgressFlow> taker) throws IOException {
        var complaints = new ConcurrentLinkedQueue<String>();
        int code = api.commands()
                .run(
                        new Place(agent.key(), Manifests.AGENT_CONTAINER),
                        command,
                        line -> EgressFlow.parse(line)
                                .ifPresentOrElse(taker, () -> complaints.add("not a flow: " + line)),
                        complaints::add);
        if (code == 0) {
            complaints.forEach(complaint -> console.warn("node " + agent.nodeName() + ": " + complaint));
            return Optional.empty();
        }
        return Optional.of(
                complaints.isEmpty() ? "its agent's command ended with " + code : String.join("; ", complaints));
    }
}

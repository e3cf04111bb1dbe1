package dev.tombolo.cli.observe;

import dev.tombolo.cli.output.Console;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.exec.PodCommands.Place;
import dev.tombolo.kube.object.KubePod;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Asks agents for their flows, each by a command in its container; a node that cannot be asked is named. */
final class AgentFlows {
    /** The API server has to carry them all. */
    private static final int AT_ONCE = 32;

    /** As a program of an agent ends that is told to do what it does not know. */
    private static final int UNKNOWN = 2;

    private final KubeApi api;
    private final Console console;
    private final List<String> command;
    private final boolean follow;
    private final Semaphore free;
    private final ConcurrentLinkedQueue<String> remarks = new ConcurrentLinkedQueue<>();
    private volatile boolean complete = true;

    /** @param follow then none ends before the others, so all are asked at once */
    AgentFlows(KubeApi api, Console console, List<String> command, boolean follow) {
        this.api = api;
        this.console = console;
        this.command = command;
        this.follow = follow;
        free = new Semaphore(follow ? Integer.MAX_VALUE : AT_ONCE);
    }

    /** True when all of them have told what they know. */
    boolean ask(List<KubePod> agents, Consumer<EgressFlow> taker) throws IOException {
        var asked = agents.stream()
                .map(agent -> Thread.ofVirtual().start(() -> ask(agent, taker)))
                .toList();
        try {
            for (var one : asked) {
                one.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        remarks.stream().sorted().forEach(console::warn);
        return complete;
    }

    private void ask(KubePod agent, Consumer<EgressFlow> taker) {
        try {
            free.acquire();
            try {
                run(agent, taker);
            } finally {
                free.release();
            }
        } catch (IOException failure) {
            silent(agent, failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(KubePod agent, Consumer<EgressFlow> taker) throws IOException {
        int code = api.commands()
                .run(
                        new Place(agent.key(), Manifests.AGENT_CONTAINER),
                        command,
                        line -> EgressFlow.parse(line)
                                .ifPresentOrElse(taker, () -> remark(agent, "read no flow: " + line)),
                        line -> remark(agent, line));
        if (code == UNKNOWN) {
            silent(agent, "its agent knows nothing of flows; run: tombolo upgrade");
        } else if (code != 0) {
            silent(agent, "its agent could not be asked, the command in its container ended with " + code);
        }
    }

    private void silent(KubePod agent, String why) {
        complete = false;
        remark(agent, why);
    }

    /** At once where nobody knows when the end is; else in order, at the end. */
    private void remark(KubePod agent, String what) {
        String remark = "node " + agent.nodeName() + ": " + what;
        if (follow) {
            console.warn(remark);
        } else {
            remarks.add(remark);
        }
    }
}

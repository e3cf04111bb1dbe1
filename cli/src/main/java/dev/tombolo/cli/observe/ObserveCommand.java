package dev.tombolo.cli.observe;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.KubePod;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "observe",
        description = "Show flows of egress policies: the first packet of each with the address that the outside sees, "
                + "and packets that were dropped with the reason; exit 1 when a node could not be asked. Each agent "
                + "remembers the last 4096 of its node since it started. Of what is dropped it is told 20 a second for "
                + "each reason and CPU, and how many more there were. It is asked by a command in its container, as "
                + "kubectl exec runs it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo observe --from-pod shop/web-0 --follow",
            "  tombolo observe --verdict dropped --since 5m",
            "  tombolo observe --to-ip 198.51.100.0/24 --last 100 -o json"
        })
public final class ObserveCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private WantedFlows wanted;

    @Option(names = "--node", paramLabel = "NAME", description = "Only what this node saw; by default all nodes.")
    private String node;

    ObserveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var command = wanted.command(session.namespace());
        try (KubeApi api = session.cluster()) {
            var agents = agents(api);
            var asked = new AgentFlows(api, session.console(), command, wanted.follow());
            var printer = new FlowPrinter(session.console(), session.format(), ZoneId.systemDefault());
            return wanted.follow() ? follow(asked, agents, printer) : known(asked, agents, printer);
        }
    }

    private List<KubePod> agents(KubeApi api) throws IOException {
        var agents = api.reads().pods(Manifests.NAMESPACE, Manifests.AGENT).stream()
                .filter(pod -> pod.phase() == KubePod.Phase.RUNNING && !pod.terminating())
                .filter(pod -> node == null || pod.nodeName().equals(node))
                .toList();
        if (agents.isEmpty()) {
            throw CommandFailure.failed(
                    node == null
                            ? "no agent of Tombolo runs in " + api.address() + "; see tombolo status"
                            : "--node: read " + node + ", expected a node of " + api.address()
                                    + " where an agent runs; see tombolo node list");
        }
        return agents;
    }

    private static int follow(AgentFlows asked, List<KubePod> agents, FlowPrinter printer) throws IOException {
        printer.begin();
        return asked.ask(agents, printer::print) ? 0 : 1;
    }

    /** In the order of time, whichever nodes they are of. */
    private int known(AgentFlows asked, List<KubePod> agents, FlowPrinter printer) throws IOException {
        var told = new ConcurrentLinkedQueue<EgressFlow>();
        boolean complete = asked.ask(agents, told::add);
        var flows = new ArrayList<>(told);
        flows.sort(Comparator.comparing(EgressFlow::time));
        int first = wanted.last().map(last -> Math.max(0, flows.size() - last)).orElse(0);
        printer.begin();
        flows.subList(first, flows.size()).forEach(printer::print);
        if (flows.isEmpty() && session.format() == OutputFormat.TABLE) {
            session.console().hint("no such flow is known; --follow waits for the next");
        }
        return complete ? 0 : 1;
    }
}

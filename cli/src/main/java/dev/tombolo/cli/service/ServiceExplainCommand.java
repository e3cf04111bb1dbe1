package dev.tombolo.cli.service;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        description =
                "Explain which backends a new connection of a client to a service can get, why not the others, and "
                        + "who would get it if its backend left; exit 1 when it gets none. For a pod, or an address of a pod or "
                        + "node, the agent of its node is asked; for an address outside, that of --node, to which its packets "
                        + "come. With the port that a client outside connects from, it says which backend that connection gets, "
                        + "unless a table of the node chooses, as among more than 32 backends or by weights.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo service explain --from shop/client-0 --to shop/web:80",
            "  tombolo service explain --from 203.0.113.9 --to shop/web --node node1",
            "  tombolo service explain --from 203.0.113.9:41000 --to shop/web:80 --node node1",
            "  tombolo service explain -n shop --from client-0 --to web:http -o json"
        })
final class ServiceExplainCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "NAMESPACE/POD|ADDRESS[:PORT]",
            description = "Who connects: a pod, its name alone with --namespace, or an address.")
    private String from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "NAMESPACE/NAME[:PORT]",
            description = "The service, with a number or name of a port of it where it is about one only.")
    private String to;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "The node that packets from outside come to; by default the first whose agent can be asked.")
    private String node;

    ServiceExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        int colon = to.indexOf(':');
        var service = NamedService.parse("--to", colon < 0 ? to : to.substring(0, colon), session.namespace());
        var port = colon < 0 ? Optional.<String>empty() : Optional.of(to.substring(colon + 1));
        try (KubeApi api = session.cluster()) {
            service.mustExist(api);
            var client = new Clients(api, session.namespace()).find(from);
            var view = new ServiceAgents(api, session.console())
                    .view(service.name(), client.asked().or(() -> Optional.ofNullable(node)));
            var explanation = ServiceExplanationPlan.explain(client, view, port);
            if (explanation.ways().isEmpty() && !explanation.isLeftToOthers()) {
                throw CommandFailure.failed("--to: read " + to + ", expected a port that " + service.name()
                        + " has an address of the client's family for; see tombolo service show " + service.name());
            }
            session.console()
                    .show(
                            session.format(),
                            ServiceExplanationDocument.of(explanation),
                            () -> ServiceExplanationText.of(explanation));
            return explanation.isServed() || explanation.isLeftToOthers() ? 0 : 1;
        }
    }
}

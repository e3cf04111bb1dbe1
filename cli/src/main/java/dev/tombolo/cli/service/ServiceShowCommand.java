package dev.tombolo.cli.service;

import dev.tombolo.cli.Session;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description =
                "Show a service as one node serves it: under which addresses, to whom, and by which backends, with "
                        + "their state and the connections from outside that the node has taken there; exit 1 when a part of it "
                        + "is not in the node's data path. The node's agent is asked by a command in its container, as kubectl "
                        + "exec runs it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo service show shop/web",
            "  tombolo service show -n shop web --node node2",
            "  tombolo service show shop/web -o json"
        })
final class ServiceShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "NAMESPACE/NAME",
            description = "The service; its name alone with --namespace.")
    private String service;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "Ask the agent of this node; by default the first one that can be asked.")
    private String node;

    ServiceShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var wanted = NamedService.parse("the service", service, session.namespace());
        try (KubeApi api = session.cluster()) {
            wanted.mustExist(api);
            var view = new ServiceAgents(api, session.console()).view(wanted.name(), Optional.ofNullable(node));
            session.console().show(session.format(), ServiceDocument.of(view), () -> ServiceText.of(view));
            return view.frontends().stream()
                            .allMatch(frontend -> frontend.problem().isEmpty())
                    ? 0
                    : 1;
        }
    }
}

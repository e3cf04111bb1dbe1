package dev.tombolo.cli.mesh;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.Installation;
import dev.tombolo.cli.install.WaitOptions;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "enable",
        description = "Start the mesh API server of this cluster, so that others can connect.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo clustermesh enable --context west",
            "  tombolo clustermesh enable --context west --service-type LoadBalancer",
            "  tombolo clustermesh enable --context west --dry-run | kubectl apply -f -"
        })
final class EnableCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--service-type",
            paramLabel = "TYPE",
            description =
                    "How other clusters reach it: ${COMPLETION-CANDIDATES}; by default what it is already, NodePort at first.")
    private Manifests.ServiceType serviceType;

    @Option(names = "--dry-run", description = "Print the manifests and change nothing.")
    private boolean dryRun;

    @Mixin
    private WaitOptions waiting;

    EnableCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var longest = waiting.longest();
        try (KubeApi api = session.cluster()) {
            var installation = new Installation(api, session.console());
            var options = installation.options();
            var type = serviceType == null ? installation.serviceType() : serviceType;
            if (dryRun) {
                session.console().text(Manifests.mesh(options, type));
                return 0;
            }
            boolean changed = installation.applyMesh(options, type);
            installation.awaitMesh(new Patience(session.console(), longest));
            session.console()
                    .line(
                            changed
                                    ? "the mesh is enabled; next: tombolo clustermesh connect --destination-context OTHER"
                                    : "no change");
        }
        return 0;
    }
}

package dev.tombolo.cli.install;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "upgrade",
        description = "Change the version or the settings of an installation; what is not named stays.",
        footerHeading = "%nExamples:%n",
        footer = "  tombolo upgrade --set image.version=0.2.0")
public final class UpgradeCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting; repeat it for more.")
    private List<String> settings = List.of();

    @Option(names = "--dry-run", description = "Print the manifests and change nothing.")
    private boolean dryRun;

    @Mixin
    private WaitOptions waiting;

    UpgradeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var longest = waiting.longest();
        try (KubeApi api = session.cluster()) {
            var installation = new Installation(api, session.console());
            var earlier = installation.options().asSettings();
            var options = Installation.accepted(earlier, settings);
            InstallCommand.sameCluster(earlier, options);
            var mesh = api.writes().mesh().clusterMesh();
            var type = installation.serviceType();
            if (dryRun) {
                session.console()
                        .text(installation.manifestHere(options)
                                + (mesh.isPresent() ? "---\n" + Manifests.mesh(options, type) : ""));
                return 0;
            }
            var patience = new Patience(session.console(), longest);
            boolean changed = installation.applyAgents(options, patience);
            installation.awaitAgents(patience);
            if (mesh.isPresent()) {
                changed |= installation.applyMesh(options, type);
                installation.awaitMesh(patience);
            }
            installation.mentionTunnels(patience);
            session.console()
                    .line(
                            changed
                                    ? "cluster " + options.clusterName() + " runs Tombolo "
                                            + options.image().version()
                                    : "no change");
        }
        return 0;
    }
}

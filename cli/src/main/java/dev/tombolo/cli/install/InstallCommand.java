package dev.tombolo.cli.install;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.deploy.InstallOptions;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "install",
        description = "Install Tombolo's agents in a cluster.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo install --set cluster.name=west --set cluster.id=1",
            "  tombolo install --set cluster.name=west --set cluster.id=1 --dry-run | kubectl apply -f -"
        })
public final class InstallCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting; repeat it for more.")
    private List<String> settings = List.of();

    @Option(names = "--dry-run", description = "Print the manifests and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--wait",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Wait until the agents are ready; on by default.")
    private boolean wait;

    @Mixin
    private WaitOptions waiting;

    InstallCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (dryRun) {
            var options = Installation.accepted(Map.of(), settings);
            session.console().text(Installation.manifest(options));
            return 0;
        }
        var longest = waiting.longest();
        try (KubeApi api = session.cluster()) {
            var installation = new Installation(api, session.console());
            var earlier = installation.settings().orElse(Map.of());
            var options = Installation.accepted(earlier, settings);
            sameCluster(earlier, options);
            var patience = new Patience(session.console(), longest);
            boolean changed = installation.applyAgents(options, patience);
            if (wait) {
                installation.awaitAgents(patience);
            }
            session.console().line(changed ? installed(options) : "no change");
        }
        return 0;
    }

    // Identities and addresses are cut from id and name: peers would go on believing the old ones.
    static void sameCluster(Map<String, String> earlier, InstallOptions options) throws IOException {
        var now = options.asSettings();
        for (String key : List.of("cluster.name", "cluster.id", "max-connected-clusters")) {
            if (earlier.containsKey(key) && !earlier.get(key).equals(now.get(key))) {
                throw CommandFailure.failed("--set " + key + ": read " + now.get(key)
                        + ", but this cluster is installed with " + earlier.get(key)
                        + "; it can't change while it runs: tombolo uninstall, then install again");
            }
        }
    }

    private static String installed(InstallOptions options) {
        return "Tombolo " + options.image().version() + " is installed on cluster " + options.clusterName() + " (id "
                + options.clusterId() + "); next: tombolo clustermesh enable";
    }
}

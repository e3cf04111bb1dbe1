package dev.tombolo.cli.health;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.WaitOptions;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Show on one screen whether all is well; exit 1 when something is wrong.",
        footerHeading = "%nExamples:%n",
        footer = {"  tombolo status --context west", "  tombolo status --wait --wait-duration 2m"})
public final class StatusCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--wait", description = "Wait until all is well.")
    private boolean wait;

    @Mixin
    private WaitOptions waiting;

    public StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            if (wait) {
                new Patience(session.console(), waiting.longest())
                        .await(() -> HealthPlan.first(read(api)).map(Health.Problem::what));
            }
            var health = read(api);
            session.console().show(session.format(), document(health), () -> text(health));
            return health.isWell() ? 0 : 1;
        }
    }

    private static Health read(KubeApi api) throws IOException {
        return HealthPlan.of(Observed.read(api), Clock.systemUTC().instant());
    }

    static String text(Health health) {
        var text = new StringBuilder();
        text.append(health.isWell() ? "✅ All is well" : "❌ " + health.problems().size() + " problems")
                .append("\n\n");
        if (!health.clusterName().isEmpty()) {
            text.append("Cluster   ")
                    .append(health.clusterName())
                    .append(" (id ")
                    .append(health.clusterId())
                    .append(")\n");
        }
        text.append("Agents    ")
                .append(health.readyNodes())
                .append(" of ")
                .append(health.nodes())
                .append(" ready");
        text.append(health.version().isEmpty() ? "\n" : ", version " + health.version() + "\n");
        text.append("Services  ").append(health.globalServices()).append(" global\n");
        health.clusters()
                .forEach(cluster -> text.append("Peer      %s: %s, %d nodes, %d endpoints, %d services%n"
                        .formatted(
                                cluster.name(),
                                cluster.state(),
                                cluster.remoteNodes(),
                                cluster.endpoints(),
                                cluster.services())));
        health.problems()
                .forEach(problem -> text.append("\n❌ ")
                        .append(problem.what())
                        .append("\n   💡 ")
                        .append(problem.fix())
                        .append('\n'));
        return text.toString();
    }

    static Map<String, Object> document(Health health) {
        var document = new LinkedHashMap<String, Object>();
        document.put("healthy", health.isWell());
        document.put("cluster", health.clusterName());
        document.put("id", health.clusterId());
        document.put("version", health.version());
        document.put("nodes", health.nodes());
        document.put("ready_nodes", health.readyNodes());
        document.put("global_services", health.globalServices());
        document.put(
                "peers", health.clusters().stream().map(Health.Cluster::name).toList());
        document.put(
                "problems",
                health.problems().stream()
                        .map(problem -> Map.of("what", problem.what(), "fix", problem.fix()))
                        .toList());
        return document;
    }
}

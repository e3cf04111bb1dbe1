package dev.tombolo.cli.mesh;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.health.Health;
import dev.tombolo.cli.health.HealthPlan;
import dev.tombolo.cli.health.Observed;
import dev.tombolo.cli.install.WaitOptions;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Show how this cluster is connected with others; exit 1 when something is wrong.",
        footerHeading = "%nExamples:%n",
        footer = "  tombolo clustermesh status --wait --wait-duration 1m")
final class MeshStatusCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--wait", description = "Wait until all is well.")
    private boolean wait;

    @Mixin
    private WaitOptions waiting;

    MeshStatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var longest = waiting.longest();
        try (KubeApi api = session.cluster()) {
            if (wait) {
                new Patience(session.console(), longest).await(() -> problem(read(api)));
            }
            var health = read(api);
            session.console().show(session.format(), MeshStatusDocument.of(health), () -> MeshStatusText.of(health));
            return health.isWell() && health.meshServer().enabled() ? 0 : 1;
        }
    }

    private static Health read(KubeApi api) throws IOException {
        return HealthPlan.of(Observed.read(api), Clock.systemUTC().instant());
    }

    private static Optional<String> problem(Health health) {
        return health.problems().stream()
                .findFirst()
                .map(Health.Problem::what)
                .or(() -> health.meshServer().enabled() ? Optional.empty() : Optional.of("the mesh is not enabled"))
                .map(missing -> "waiting for clusters to be connected: " + missing);
    }
}

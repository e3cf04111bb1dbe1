package dev.tombolo.cli.mesh;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.WaitOptions;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "connect",
        description = "Connect this cluster with others, both ways.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo clustermesh connect --context west --destination-context east",
            "  tombolo clustermesh connect --context west --destination-context east,north"
        })
final class ConnectCommand implements Callable<Integer> {
    private static final Duration ENOUGH = Duration.ofSeconds(45);
    private final Session session;

    @Mixin
    private Destinations destinations;

    @Mixin
    private WaitOptions waiting;

    ConnectCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var longest = waiting.longest().compareTo(ENOUGH) < 0 ? waiting.longest() : ENOUGH;
        String own = session.context().orElse("(current)");
        try (KubeApi api = session.cluster()) {
            var source = Side.read(own, api);
            for (String context : destinations.contexts(session.context())) {
                try (KubeApi other = session.cluster(context)) {
                    var destination = Side.read(context, other);
                    boolean changed = new Connection(session.console(), source, destination, longest).make();
                    session.console()
                            .line(
                                    changed
                                            ? "clusters " + source.name() + " and " + destination.name()
                                                    + " are connected"
                                            : "no change: clusters " + source.name() + " and " + destination.name()
                                                    + " are connected");
                }
            }
        }
        return 0;
    }
}

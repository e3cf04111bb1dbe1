package dev.tombolo.cli.mesh;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.cli.install.WaitOptions;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        var apis = new ArrayList<KubeApi>();
        try (KubeApi api = session.cluster()) {
            var source = Side.read(own, api);
            var others = new ArrayList<Side>();
            for (String context : destinations.contexts(session.context())) {
                apis.add(session.cluster(context));
                others.add(Side.read(context, apis.getLast()));
            }
            check(source, others);
            for (Side destination : others) {
                boolean changed = new Connection(session.console(), source, destination, longest).make();
                session.console()
                        .line((changed ? "" : "no change: ") + "clusters " + source.name() + " and "
                                + destination.name() + " are connected");
            }
        } finally {
            apis.forEach(KubeApi::close);
        }
        return 0;
    }

    /** All of them before any is changed; the destinations become peers of one cluster, so they must suit each other. */
    private static void check(Side source, List<Side> others) throws IOException {
        var refusals = new LinkedHashSet<String>();
        for (int i = 0; i < others.size(); i++) {
            refusals.addAll(source.refusals(others.get(i)));
            for (Side earlier : others.subList(0, i)) {
                refusals.addAll(
                        ConnectPlan.refusals(earlier.mesh(), others.get(i).mesh()));
            }
        }
        if (!refusals.isEmpty()) {
            throw CommandFailure.failed("cannot connect " + source.name() + " and "
                    + others.stream().map(Side::name).collect(Collectors.joining(", ")) + "; nothing was changed:\n  "
                    + String.join("\n  ", refusals));
        }
    }
}

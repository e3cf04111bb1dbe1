package dev.tombolo.cli.bgp;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.model.bgp.BgpDrain;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "drain",
        description =
                "Take back what a node or this cluster tells to routers: for 30 s routes ask for another way (RFC "
                        + "8326), then they are withdrawn. Sessions stay. It is asked for by an annotation and does not wait; "
                        + "what is drained already keeps its time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo bgp drain --node node2",
            "  tombolo bgp drain --node node2 --undo",
            "  tombolo bgp drain --cluster",
            "  tombolo bgp drain --cluster rack0"
        })
final class BgpDrainCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--node", paramLabel = "NAME", description = "This node.")
    private String node;

    @Option(
            names = "--cluster",
            paramLabel = "CONFIG",
            arity = "0..1",
            fallbackValue = "",
            description = "The nodes of this CiliumBGPClusterConfig; without a name, of all of them.")
    private String cluster;

    @Option(names = "--undo", description = "Tell routes again.")
    private boolean undo;

    BgpDrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if ((node == null) == (cluster == null)) {
            throw CommandFailure.usage(
                    "read " + (node == null ? "neither" : "both") + ", expected one of --node and --cluster");
        }
        try (KubeApi api = session.cluster()) {
            BgpKinds.mustBeOurs(api);
            var seen = ObservedBgp.read(api);
            var subjects = node == null ? configs(seen, api) : List.of(node(seen, api));
            Instant now = Clock.systemUTC().instant();
            var changes = undo ? DrainPlan.end(subjects) : DrainPlan.begin(subjects, now);
            for (var change : changes) {
                carryOut(change, api);
            }
            tell(changes, seen, now);
        }
        return 0;
    }

    private Drainable node(ObservedBgp seen, KubeApi api) throws IOException {
        return Drainable.of(BgpPeersCommand.ofName(seen, node, api));
    }

    private List<Drainable> configs(ObservedBgp seen, KubeApi api) throws IOException {
        var all = seen.clusterConfigs().stream().map(Drainable::of).toList();
        var chosen = all.stream()
                .filter(config -> cluster.isEmpty() || config.name().equals(cluster))
                .toList();
        if (all.isEmpty()) {
            throw CommandFailure.failed(
                    "there is no CiliumBGPClusterConfig in " + api.address() + ", so nothing is told to routers");
        }
        if (chosen.isEmpty()) {
            throw CommandFailure.failed("--cluster: read " + cluster + ", expected a CiliumBGPClusterConfig, one of "
                    + all.stream().map(Drainable::name).toList() + ", or no name for all");
        }
        return chosen;
    }

    private static void carryOut(DrainChange change, KubeApi api) throws IOException {
        String name = change.subject().name();
        if (!change.isChange()) {
            return;
        }
        switch (change.subject().kind()) {
            case CLUSTER_CONFIG -> api.writes().bgp().drain(name, change.after());
            case NODE -> {
                if (change.after().isPresent()) {
                    api.writes()
                            .nodes()
                            .annotate(
                                    name,
                                    Map.of(
                                            BgpDrain.ANNOTATION,
                                            change.after().get().toString()));
                } else {
                    api.writes().nodes().clear(name, Set.of(BgpDrain.ANNOTATION));
                }
            }
        }
    }

    private void tell(List<DrainChange> changes, ObservedBgp seen, Instant now) {
        session.console().show(session.format(), DrainText.documents(changes), () -> DrainText.of(changes, now));
        DrainPlan.notes(changes, seen).forEach(session.console()::warn);
        if (session.format() == OutputFormat.TABLE) {
            session.console().hint("tombolo bgp peers shows how many routes are told");
        }
    }
}

package dev.tombolo.cli.bgp;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.KubeNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "peers",
        description =
                "List the sessions with routers as the nodes have them; exit 1 when one that was asked for is not "
                        + "established.",
        footerHeading = "%nExamples:%n",
        footer = {"  tombolo bgp peers", "  tombolo bgp peers --node node2", "  tombolo bgp peers -o json"})
final class BgpPeersCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--node", paramLabel = "NAME", description = "Only those of this node.")
    private String node;

    BgpPeersCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            BgpKinds.mustBeOurs(api);
            var all = ObservedBgp.read(api);
            var seen = node == null ? all : all.only(ofName(all, node, api));
            Instant now = Clock.systemUTC().instant();
            var sessions = BgpSessionsPlan.of(seen, now);
            show(sessions, now, all);
            return sessions.isFine() ? 0 : 1;
        }
    }

    private void show(BgpSessions sessions, Instant now, ObservedBgp all) {
        session.console()
                .show(session.format(), BgpSessionsDocument.of(sessions), () -> BgpSessionsText.of(sessions, now));
        if (sessions.rows().isEmpty() && sessions.isFine() && session.format() == OutputFormat.TABLE) {
            session.console().hint(hint(all));
        }
    }

    static KubeNode ofName(ObservedBgp seen, String name, KubeApi api) throws IOException {
        return seen.node(name)
                .orElseThrow(() -> CommandFailure.failed(
                        "--node: read " + name + ", expected a node of " + api.address() + "; see kubectl get nodes"));
    }

    private String hint(ObservedBgp all) {
        return all.clusterConfigs().isEmpty()
                ? "there is no CiliumBGPClusterConfig; one names nodes, and the routers that they speak to"
                : "no CiliumBGPClusterConfig is for node " + node
                        + ": compare their spec.nodeSelector with kubectl get node " + node + " --show-labels";
    }
}

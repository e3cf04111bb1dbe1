package dev.tombolo.cli.bgp;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesQuestion.Range;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "routes",
        description =
                "List what nodes tell routers, or what they would: with next hop, attributes, and which advertisement asks "
                        + "for it. Told is what the program that speaks has acknowledged; what a router makes of it, only the "
                        + "router knows. Nodes are asked by a command in the agent's container, as kubectl exec runs it. Exit 1 "
                        + "when a session is down, when a node cannot be asked, or when a route that is shown is not told.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo bgp routes",
            "  tombolo bgp routes available --vip 192.0.2.10",
            "  tombolo bgp routes --node node2 --peer main/tor1",
            "  tombolo bgp routes available -o json"
        })
final class BgpRoutesCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "advertised|available",
            description = "What routers were told; or also what is yet to be told, refused, or withheld, and why.")
    private String range = "advertised";

    @Option(names = "--peer", paramLabel = "INSTANCE/PEER|ADDRESS", description = "Only what this router is told.")
    private String peer;

    @Option(names = "--vip", paramLabel = "ADDRESS", description = "Only routes that lead to this address.")
    private String vip;

    @Option(names = "--node", paramLabel = "NAME", description = "Only of this node.")
    private String node;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most that many routes of each node, from 1 to 10000; by default 1000.")
    private int limit = RoutesQuestion.USUAL;

    BgpRoutesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var question = question();
        try (KubeApi api = session.cluster()) {
            BgpKinds.mustBeOurs(api);
            var nodes = nodes(ObservedBgp.read(api), api);
            var routes = new BgpAgents(api, question).ask(nodes);
            session.console().show(session.format(), BgpRoutesDocument.of(routes), () -> BgpRoutesText.of(routes));
            if (session.format() == OutputFormat.TABLE) {
                hint(nodes, question, routes);
            }
            return routes.isFine() ? 0 : 1;
        }
    }

    private RoutesQuestion question() throws IOException {
        var wanted = switch (range) {
            case "advertised" -> Range.ADVERTISED;
            case "available" -> Range.AVAILABLE;
            default -> throw CommandFailure.usage("read " + range + ", expected advertised or available");
        };
        if (limit < 1 || limit > RoutesQuestion.MOST) {
            throw CommandFailure.usage(
                    "--limit: read " + limit + ", expected a number from 1 to " + RoutesQuestion.MOST);
        }
        return new RoutesQuestion(wanted, peer(), vip(), limit);
    }

    private Optional<String> peer() throws IOException {
        if (peer != null
                && !peer.matches("[^/\\s]+/[^/\\s]+")
                && IpAddress.tryParse(peer).isEmpty()) {
            throw CommandFailure.usage(
                    "--peer: read " + peer + ", expected INSTANCE/PEER such as main/tor1, or an address");
        }
        return Optional.ofNullable(peer)
                .map(text -> IpAddress.tryParse(text).map(IpAddress::toString).orElse(text));
    }

    private Optional<IpAddress> vip() throws IOException {
        if (vip == null) {
            return Optional.empty();
        }
        return Optional.of(IpAddress.tryParse(vip)
                .orElseThrow(
                        () -> CommandFailure.usage("--vip: read " + vip + ", expected an address such as 192.0.2.10")));
    }

    /** Those that are to speak, or still do. */
    private List<String> nodes(ObservedBgp seen, KubeApi api) throws IOException {
        if (node != null) {
            return List.of(BgpPeersCommand.ofName(seen, node, api).name());
        }
        return seen.nodes().stream()
                .filter(some ->
                        !seen.configs(some).isEmpty() || seen.report(some).isPresent())
                .map(KubeNode::name)
                .sorted()
                .toList();
    }

    private void hint(List<String> nodes, RoutesQuestion question, BgpRoutes routes) {
        if (nodes.isEmpty()) {
            session.console().hint("no CiliumBGPClusterConfig is for a node, so nothing is told to routers");
        } else if (question.range() == Range.ADVERTISED && routes.silent().isEmpty()) {
            session.console().hint("tombolo bgp routes available shows what is not told too, and why");
        }
    }
}

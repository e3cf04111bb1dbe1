package dev.tombolo.cli.egress;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.listing.Listing;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.reconciler.table.Columns;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the egress policies with what they have come to; exit 1 when one that selects pods is not "
                + "in the data path of all its nodes, or when the mesh API server, which tells of that, is silent.",
        footerHeading = "%nExamples:%n",
        footer = {"  tombolo egress list", "  tombolo egress list -o json"})
final class EgressListCommand implements Callable<Integer> {
    private static final Columns<PolicyRow> COLUMNS = Columns.<PolicyRow>none()
            .with("Policy", row -> row.policy().name())
            .with("Pods", row -> row.policy().status().selectedPods())
            .with("Gateways", row -> row.policy().status().gatewayNames())
            .with("Egress IPs", row -> row.policy().status().egressIPs())
            .with("Connections", row -> row.connections().map(String::valueOf).orElse(""))
            .with("Ports", row -> row.ports().orElse(""))
            .with("Programmed", row -> row.programmed().status())
            .with("Reason", row -> row.programmed().reason())
            .with("Message", PolicyRow::message);

    private final Session session;

    EgressListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            PolicyKind.mustBeOurs(api);
            Instant now = Clock.systemUTC().instant();
            var nodes = api.writes().mesh().nodes();
            var rows = PolicyRow.read(api, now).stream()
                    .map(row -> row.with(nodes, now))
                    .toList();
            if (rows.isEmpty() && session.format() == OutputFormat.TABLE) {
                session.console()
                        .hint("no egress policy; a CiliumEgressGatewayPolicy names pods, their destinations and the "
                                + "nodes that they leave through");
            }
            new Listing<>(COLUMNS, PolicyRow::document).show(session, rows);
            return rows.stream().allMatch(PolicyRow::isFine) ? 0 : 1;
        }
    }
}

package dev.tombolo.cli.doctor;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description =
                "Look at each leg that packets take, as the agents see it on their nodes: those of egress policies"
                        + " from pod to gateway to the outside, those between clusters, and what sessions with routers"
                        + " need (BGP). Names the leg that is broken, its cause and the fix; exit 1 when one is broken, or"
                        + " when it is not known how one is.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo doctor --context west",
            "  tombolo doctor --policy billing",
            "  tombolo doctor --node n2 -o json"
        })
public final class DoctorCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            description = "Only legs that this CiliumEgressGatewayPolicy needs.")
    private String policy;

    @Option(names = "--node", paramLabel = "NAME", description = "Only legs on this node.")
    private String node;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            var now = Clock.systemUTC().instant();
            var seen = ObservedLegs.read(api, session.console(), now);
            check(seen);
            var choice = new DoctorPlan.Choice(Optional.ofNullable(policy), Optional.ofNullable(node));
            var diagnosis = DoctorPlan.diagnosis(seen, choice);
            session.console()
                    .show(session.format(), DoctorText.document(diagnosis), () -> DoctorText.of(diagnosis, now));
            return diagnosis.isFine() ? 0 : 1;
        }
    }

    /** A name that is nobody's would make everything look fine. */
    private void check(ObservedLegs seen) throws IOException {
        if (policy != null
                && seen.policies().stream().noneMatch(row -> row.policy().name().equals(policy))) {
            throw CommandFailure.usage(
                    "--policy: read " + policy + ", expected an egress policy; see tombolo egress list");
        }
        if (node != null && !seen.nodes().contains(node)) {
            throw CommandFailure.usage(
                    "--node: read " + node + ", expected a node of the cluster; see kubectl get nodes");
        }
    }
}

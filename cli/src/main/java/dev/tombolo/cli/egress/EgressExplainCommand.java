package dev.tombolo.cli.egress;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.Session;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        description =
                "Explain what happens to a pod's packets to an address, and why; exit 1 when they are dropped, or "
                        + "when a node is not ready to do what the policies say. Gateways are chosen from what Kubernetes says of "
                        + "nodes; what agents find out about one another is not in it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tombolo egress explain --pod shop/web-0 --to 198.51.100.7",
            "  tombolo egress explain -n shop --pod web-0 --to 2001:db8::7 -o json"
        })
final class EgressExplainCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--pod",
            required = true,
            paramLabel = "NAMESPACE/NAME",
            description = "The pod that sends; its name alone with --namespace.")
    private String pod;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDRESS",
            description = "The address that it sends to, of IPv4 or IPv6.")
    private String to;

    EgressExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var sender = sender();
        var destination = destination();
        try (KubeApi api = session.cluster()) {
            PolicyKind.mustBeOurs(api);
            var seen = ObservedEgress.read(api, session.console());
            var answer = EgressAnswerPlan.answer(
                    seen,
                    find(api, seen, sender),
                    destination,
                    Clock.systemUTC().instant());
            session.console()
                    .show(session.format(), EgressAnswerDocument.of(answer), () -> EgressAnswerText.of(answer));
            return answer.isFine() ? 0 : 1;
        }
    }

    private ObjectKey sender() throws IOException {
        String full = pod.contains("/") ? pod : session.namespace().orElse("") + "/" + pod;
        String[] parts = full.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw CommandFailure.usage("--pod: read " + pod + ", expected NAMESPACE/NAME, or NAME with --namespace");
        }
        return new ObjectKey(parts[0], parts[1]);
    }

    private IpAddress destination() throws IOException {
        return IpAddress.tryParse(to)
                .orElseThrow(
                        () -> CommandFailure.usage("--to: read " + to + ", expected an address such as 198.51.100.7"));
    }

    private static EgressPod find(KubeApi api, ObservedEgress seen, ObjectKey sender) throws IOException {
        return seen.pods().stream()
                .filter(pod -> pod.fullName().equals(sender.toString()))
                .findFirst()
                .orElseThrow(() -> CommandFailure.failed("--pod: read " + sender + ", expected a pod of "
                        + api.address() + " that is not over; see kubectl -n " + sender.namespace() + " get pods"));
    }
}

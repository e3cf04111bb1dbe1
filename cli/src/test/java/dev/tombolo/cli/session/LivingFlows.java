package dev.tombolo.cli.session;

import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.egress.flow.EgressFlow.End;
import dev.tombolo.lab.apiserver.RunningServer;
import dev.tombolo.model.net.IpAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Agents on three nodes: two that tell of flows, whatever they are asked for, and one of an older version. */
final class LivingFlows {
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String BILLING = "shop/billing-7d9";

    private final RunningServer server;
    private final KubernetesClient client;

    LivingFlows(RunningServer server, KubernetesClient client) {
        this.server = server;
        this.client = client;
    }

    void begin() {
        new LivingAgents(server, client).begin(LivingFlows::answer);
    }

    /** What the program of an agent would print; the options that it is given come first, as a complaint. */
    private static Process answer(String node, List<String> command) throws IOException {
        String said = String.join(" ", command);
        if (command.contains("--follow")) {
            // What is printed to both outputs comes in any order then.
            return LivingAgents.process(0, said);
        }
        return switch (node) {
            case "n1" ->
                LivingAgents.process(
                        0, said, drop(1, node, BILLING, "DROP_NO_GATEWAY", 0), drop(4, node, "", "DROP_HELD", 31));
            case "n2" -> LivingAgents.process(0, said, translated(2, node, 40_000), translated(3, node, 40_001));
            default -> LivingAgents.process(2, "read \"flows\", expected run, cleanup or train");
        };
    }

    private static String translated(int second, String node, int port) {
        var egress = new End(IpAddress.parse("192.0.2.10"), port);
        return flow(second, node, BILLING, Optional.of(egress), "", "HOOK_EGRESS_GATEWAY", 0);
    }

    private static String drop(int second, String node, String pod, String reason, int withheld) {
        return flow(second, node, pod, Optional.empty(), reason, "HOOK_EGRESS_SOURCE", withheld);
    }

    private static String flow(
            int second, String node, String pod, Optional<End> egress, String reason, String hook, int withheld) {
        return new EgressFlow(
                        BEGIN.plusSeconds(second),
                        node,
                        pod,
                        new End(IpAddress.parse("10.1.0.2"), 50_000),
                        new End(IpAddress.parse("198.51.100.7"), 443),
                        6,
                        egress,
                        "partner",
                        reason,
                        hook,
                        withheld)
                .line();
    }
}

package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.apiserver.RunningServer.Printed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Egress policies as kubectl users meet them. */
class EgressPolicyKindTest {
    private static final Path KIND = Path.of("../deploy/src/main/resources/dev/tombolo/deploy/cilium-kinds.yaml");
    private static final Path POLICIES = Path.of("../kube/src/test/resources/dev/tombolo/kube/egress-policies.yaml");
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        assumeTrue(RunningServer.hasKubectl(), "skipped: kubectl is not installed");
        server = new RunningServer();
        ok(server.kubectlWith(Files.readString(KIND), "apply", "-f", "-"));
        ok(server.kubectl(
                "wait", "--for=condition=Established", "crd/ciliumegressgatewaypolicies.cilium.io", "--timeout=10s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void policiesAreAcceptedAsTheyAreAndSayWhetherTheyWork() throws Exception {
        // Strict: a field that the schema does not know would be refused here, and pruned elsewhere.
        ok(server.kubectlWith(Files.readString(POLICIES), "apply", "--validate=strict", "-f", "-"));
        assertThat(ok(server.kubectl("get", "cegp", "-o", "name")).lines()).hasSize(4);
        ok(server.kubectl("patch", "cegp", "fixed-address", "--subresource=status", "--type=merge", "-p", """
                        {"status": {"selectedPods": 7, "gatewayNames": "g1", "egressIPs": "192.0.2.10",
                          "conditions": [
                            {"type": "Invalid", "status": "False"},
                            {"type": "Programmed", "status": "True", "reason": "InSync", "message": "3 of 3 nodes"}]}}
                        """));
        assertThat(ok(server.kubectl("get", "cegp", "fixed-address")))
                .matches("(?s)NAME +PROGRAMMED +REASON +GATEWAYS +EGRESS IPS +PODS +AGE\\s+"
                        + "fixed-address +True +InSync +g1 +192.0.2.10 +7 +\\S+");
        assertThat(ok(server.kubectl("get", "cegp", "fixed-address", "-o", "wide")))
                .contains("3 of 3 nodes");
    }

    @Test
    void whatIsNoSelectorOrNoRangeIsRefusedAtOnce() throws Exception {
        String policy = """
                apiVersion: cilium.io/v2
                kind: CiliumEgressGatewayPolicy
                metadata: {name: bad}
                spec:
                  selectors: [{podSelector: {matchExpressions: [{key: app, operator: Like}]}}]
                  destinationCIDRs: [everywhere]
                  egressGateway: {interface: eth1}
                """;
        assertThat(server.kubectlWith(policy, "create", "-f", "-").text())
                .contains("Unsupported value: \"Like\"")
                .contains("spec.destinationCIDRs[0] in body should match")
                .contains("spec.egressGateway.nodeSelector: Required value");
    }

    private static String ok(Printed printed) {
        assertThat(printed.code()).as(printed.text()).isZero();
        return printed.text();
    }
}

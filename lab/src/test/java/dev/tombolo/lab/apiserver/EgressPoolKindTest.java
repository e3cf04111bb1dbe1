package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.apiserver.RunningServer.Printed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pools of egress addresses as kubectl users meet them. */
class EgressPoolKindTest {
    private static final Path KINDS = Path.of("../deploy/src/main/resources/dev/tombolo/deploy/crds.yaml");
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        assumeTrue(RunningServer.hasKubectl(), "skipped: kubectl is not installed");
        server = new RunningServer();
        ok(server.kubectlWith(Files.readString(KINDS), "apply", "-f", "-"));
        ok(server.kubectl("wait", "--for=condition=Established", "crd/egressippools.tombolo.dev", "--timeout=10s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aPoolIsAcceptedAsItIsAndSaysHowMuchOfItIsUsed() throws Exception {
        String pool = """
                apiVersion: tombolo.dev/v1alpha1
                kind: EgressIPPool
                metadata: {name: blue}
                spec:
                  ranges: [{cidr: 192.0.2.0/28}, {start: 192.0.2.20, end: 192.0.2.29}]
                  nodeSelector: {matchLabels: {egress: 'true'}}
                  maxPerNode: 2
                """;
        ok(server.kubectlWith(pool, "apply", "--validate=strict", "-f", "-"));
        ok(server.kubectl("patch", "eip", "blue", "--subresource=status", "--type=merge", "-p", """
                        {"status": {"ranges": "192.0.2.1-192.0.2.14; 192.0.2.20-192.0.2.29", "total": 24, "used": 3,
                          "conditions": [{"type": "Ready", "status": "True", "reason": "InForce"}]}}
                        """));
        assertThat(ok(server.kubectl("get", "eip", "blue")))
                .matches("(?s)NAME +READY +RANGES +USED +TOTAL +AGE\\s+"
                        + "blue +True +192.0.2.1-192.0.2.14; 192.0.2.20-192.0.2.29 +3 +24 +\\S+");
    }

    @Test
    void whatIsNoRangeIsRefusedAtOnce() throws Exception {
        String pool = """
                apiVersion: tombolo.dev/v1alpha1
                kind: EgressIPPool
                metadata: {name: bad}
                spec: {ranges: [{cidr: everything}], maxPerNode: 0}
                """;
        assertThat(server.kubectlWith(pool, "create", "-f", "-").text())
                .contains("spec.ranges[0].cidr in body should match")
                .contains("spec.maxPerNode in body should be greater than or equal to 1");
    }

    private static String ok(Printed printed) {
        assertThat(printed.code()).as(printed.text()).isZero();
        return printed.text();
    }
}

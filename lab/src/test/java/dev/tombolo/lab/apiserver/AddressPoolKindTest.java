package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.apiserver.RunningServer.Printed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pools of addresses for services as kubectl users meet them, who know them from Cilium. */
class AddressPoolKindTest {
    private static final Path KINDS = Path.of("../deploy/src/main/resources/dev/tombolo/deploy/cilium-kinds.yaml");
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        assumeTrue(RunningServer.hasKubectl(), "skipped: kubectl is not installed");
        server = new RunningServer();
        ok(server.kubectlWith(Files.readString(KINDS), "apply", "-f", "-"));
        ok(server.kubectl(
                "wait", "--for=condition=Established", "crd/ciliumloadbalancerippools.cilium.io", "--timeout=10s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aPoolIsAcceptedAsItIsAndSaysHowMuchOfItIsFree() throws Exception {
        String pool = """
                apiVersion: cilium.io/v2
                kind: CiliumLoadBalancerIPPool
                metadata: {name: blue-pool}
                spec:
                  blocks:
                    - cidr: "192.0.2.0/24"
                    - cidr: "2001:db8::/64"
                    - {start: "198.51.100.100", stop: "198.51.100.200"}
                    - start: "203.0.113.4"
                  serviceSelector:
                    matchExpressions: [{key: color, operator: In, values: [blue, cyan]}]
                  allowFirstLastIPs: "No"
                """;
        ok(server.kubectlWith(pool, "apply", "--validate=strict", "-f", "-"));
        ok(server.kubectl("patch", "ippools", "blue-pool", "--subresource=status", "--type=merge", "-p", """
                        {"status": {"conditions": [
                          {"type": "cilium.io/PoolConflict", "status": "False", "reason": "resolved"},
                          {"type": "cilium.io/IPsAvailable", "status": "Unknown", "message": "18446744073709551970"}]}}
                        """));
        assertThat(ok(server.kubectl("get", "lbippool", "blue-pool")))
                .matches("(?s)NAME +DISABLED +CONFLICTING +IPS AVAILABLE +AGE\\s+"
                        + "blue-pool +false +False +18446744073709551970 +\\S+");
    }

    @Test
    void whatIsNoBlockIsRefusedAtOnce() throws Exception {
        String pool = """
                apiVersion: cilium.io/v2
                kind: CiliumLoadBalancerIPPool
                metadata: {name: bad}
                spec: {blocks: [{cidr: everything}], allowFirstLastIPs: Perhaps}
                """;
        assertThat(server.kubectlWith(pool, "create", "-f", "-").text())
                .contains("spec.blocks[0].cidr in body should match")
                .contains("spec.allowFirstLastIPs");
    }

    @Test
    void aServiceShowsItsAddresses() throws Exception {
        String service = """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec: {type: LoadBalancer, ports: [{port: 80}]}
                """;
        ok(server.kubectlWith(service, "apply", "-f", "-"));
        assertThat(ok(server.kubectl("get", "svc", "web"))).contains(" <pending> ");
        ok(server.kubectl("patch", "svc", "web", "--subresource=status", "--type=merge", "-p", """
                        {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}, {"ip": "2001:db8::1"}]}}}
                        """));
        assertThat(ok(server.kubectl("get", "svc", "web"))).contains(" 192.0.2.1,2001:db8::1 ");
    }

    private static String ok(Printed printed) {
        assertThat(printed.code()).as(printed.text()).isZero();
        return printed.text();
    }
}

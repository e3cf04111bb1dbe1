package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.apiserver.RunningServer.Printed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told to routers as kubectl users meet it, who know it from Cilium. */
class BgpKindsTest {
    private static final Path KINDS = Path.of("../deploy/src/main/resources/dev/tombolo/deploy/cilium-bgp-kinds.yaml");
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        assumeTrue(RunningServer.hasKubectl(), "skipped: kubectl is not installed");
        server = new RunningServer();
        ok(server.kubectlWith(Files.readString(KINDS), "apply", "-f", "-"));
        ok(server.kubectl(
                "wait",
                "--for=condition=Established",
                "crd/ciliumbgpclusterconfigs.cilium.io",
                "crd/ciliumbgpnodeconfigs.cilium.io",
                "--timeout=10s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /** As Cilium's documentation has them, and what this speaker refuses among it: to be refused it has to be accepted. */
    @Test
    void manifestsForCiliumAreAcceptedAsTheyAre() throws Exception {
        String manifests = """
                apiVersion: cilium.io/v2
                kind: CiliumBGPClusterConfig
                metadata: {name: cilium-bgp}
                spec:
                  nodeSelector: {matchLabels: {rack: rack0}}
                  bgpInstances:
                    - name: instance-65000
                      localASN: 65000
                      localPort: 179
                      peers:
                        - name: peer-65000-tor1
                          peerASN: 65000
                          peerAddress: fd00:10:0:0::1
                          peerConfigRef: {name: cilium-peer}
                        - name: link-local
                          peerAddress: fe80::1%eth0
                        - name: gateway
                          peerASN: 65000
                          autoDiscovery: {mode: DefaultGateway, defaultGateway: {addressFamily: ipv6}}
                        - name: link
                          autoDiscovery: {mode: Unnumbered, unnumbered: {interface: eth1}}
                      bmpServers: [{name: station, peerAddress: 192.0.2.9, peerPort: 11019}]
                ---
                apiVersion: cilium.io/v2
                kind: CiliumBGPPeerConfig
                metadata: {name: cilium-peer}
                spec:
                  transport: {peerPort: 179, sourceInterface: lo}
                  timers: {connectRetryTimeSeconds: 12, holdTimeSeconds: 9, keepAliveTimeSeconds: 3}
                  authSecretRef: bgp-auth-secret
                  ebgpMultihop: 4
                  gracefulRestart: {enabled: true, restartTimeSeconds: 15}
                  families:
                    - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {advertise: bgp}}}
                    - {afi: l2vpn, safi: evpn}
                ---
                apiVersion: cilium.io/v2
                kind: CiliumBGPAdvertisement
                metadata: {name: bgp-advertisements, labels: {advertise: bgp}}
                spec:
                  advertisements:
                    - advertisementType: PodCIDR
                      attributes: {communities: {standard: ["65000:99"]}, localPreference: 99}
                    - advertisementType: Service
                      service: {addresses: [ClusterIP, ExternalIP, LoadBalancerIP], aggregationLengthIPv4: 24}
                      selector: {matchExpressions: [{key: somekey, operator: NotIn, values: [never-used-value]}]}
                      attributes: {communities: {wellKnown: [no-export], large: ["65000:100:50"]}}
                    - {advertisementType: CiliumPodIPPool, selector: {matchLabels: {environment: production}}}
                    - {advertisementType: Interface, interface: {name: lo}}
                    - {advertisementType: EgressIP, selector: {matchLabels: {egress.tombolo.dev/pool: blue}}}
                    - {advertisementType: MeshService, service: {addresses: [LoadBalancerIP]}, selector: {}}
                ---
                apiVersion: cilium.io/v2
                kind: CiliumBGPNodeConfigOverride
                metadata: {name: n1}
                spec:
                  bgpInstances:
                    - name: instance-65000
                      routerID: 192.168.10.1
                      localPort: 1790
                      localASN: 65010
                      peers: [{name: peer-65000-tor1, localAddress: "fd00:10:0:2::2", localPort: 1790}]
                """;
        ok(server.kubectlWith(manifests, "apply", "--validate=strict", "-f", "-"));
        assertThat(ok(server.kubectl(
                        "get", "cbgppeer", "cilium-peer", "-o", "jsonpath={.spec.timers.holdTimeSeconds}")))
                .isEqualTo("9");
    }

    @Test
    void whatIsMistypedIsRefusedAtOnce() throws Exception {
        String manifests = """
                apiVersion: cilium.io/v2
                kind: CiliumBGPClusterConfig
                metadata: {name: bad}
                spec: {bgpInstances: [{name: a, localASN: 0, peers: [{name: x, peerAddress: router}]}]}
                ---
                apiVersion: cilium.io/v2
                kind: CiliumBGPPeerConfig
                metadata: {name: bad}
                spec: {timers: {holdTimeSeconds: 2}, ebgpMultihop: 256, families: [{afi: ipv5, safi: unicast}]}
                ---
                apiVersion: cilium.io/v2
                kind: CiliumBGPAdvertisement
                metadata: {name: bad}
                spec:
                  advertisements:
                    - advertisementType: Everything
                    - {advertisementType: Service, service: {addresses: [], aggregationLengthIPv4: 0}}
                    - {advertisementType: PodCIDR, attributes: {communities: {standard: [a], wellKnown: [b], large: [c]}}}
                """;
        assertThat(server.kubectlWith(manifests, "create", "-f", "-").text())
                .contains("spec.bgpInstances[0].localASN in body should be greater than or equal to 1")
                .contains("spec.bgpInstances[0].peers[0].peerAddress in body should match")
                .contains("spec.timers.holdTimeSeconds in body should be greater than or equal to 3")
                .contains("spec.ebgpMultihop in body should be less than or equal to 255")
                .contains("spec.families[0].afi")
                .contains("spec.advertisements[0].advertisementType")
                .contains("spec.advertisements[1].service.addresses")
                .contains("spec.advertisements[1].service.aggregationLengthIPv4")
                .contains("spec.advertisements[2].attributes.communities.standard[0]")
                .contains("spec.advertisements[2].attributes.communities.wellKnown[0]")
                .contains("spec.advertisements[2].attributes.communities.large[0]");
    }

    @Test
    void aNodeSaysHowItsSessionsAre() throws Exception {
        String node = """
                apiVersion: cilium.io/v2
                kind: CiliumBGPNodeConfig
                metadata: {name: n1}
                spec:
                  bgpInstances:
                    - name: a
                      localASN: 64500
                      routerID: 192.0.2.11
                      peers:
                        - {name: tor, peerAddress: 192.0.2.1, peerASN: 64501, localAddress: 192.0.2.11}
                """;
        ok(server.kubectlWith(node, "apply", "--validate=strict", "-f", "-"));
        ok(server.kubectl("patch", "cbgpnode", "n1", "--subresource=status", "--type=merge", "-p", """
                        {"status": {"clusterConfig": "rack0", "conflictingClusterConfigs": ["young"], "sessions": "1/2", "routes": 4,
                          "down": "a/spine: MissingAuthSecret"}}
                        """));
        assertThat(ok(server.kubectl("get", "cbgpnode", "n1")))
                .matches("(?s)NAME +CLUSTER CONFIG +SESSIONS +ROUTES +DOWN +AGE\\s+"
                        + "n1 +rack0 +1/2 +4 +a/spine: MissingAuthSecret +\\S+");
        assertThat(ok(server.kubectl("get", "cbgpnode", "n1", "-o", "wide"))).contains("CONFLICTING", "[\"young\"]");
    }

    private static String ok(Printed printed) {
        assertThat(printed.code()).as(printed.text()).isZero();
        return printed.text();
    }
}

package dev.tombolo.kube.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.node.NodeId;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects as the API server sends them, in; rows, out. */
final class RowsTest {
    private final List<Invalid> invalid = new ArrayList<>();

    @Test
    void node() {
        var row = NodeRows.row(read(Node.class, """
                        metadata: {name: n1, uid: u1, labels: {zone: a}, annotations: {k: v}}
                        spec: {podCIDR: 10.1.1.0/24, podCIDRs: [10.1.1.0/24, '2001:db8:1::/64'], unschedulable: true}
                        status:
                          addresses:
                            - {type: InternalIP, address: 192.0.2.11}
                            - {type: Hostname, address: n1}
                            - {type: ExternalIP, address: 198.51.100.11}
                          conditions: [{type: Ready, status: 'True'}]
                          nodeInfo: {bootID: b1}
                        """), invalid::add);
        assertThat(row)
                .contains(new KubeNode(
                        "n1",
                        "u1",
                        Map.of("zone", "a"),
                        Map.of("k", "v"),
                        List.of(Prefix.parse("10.1.1.0/24"), Prefix.parse("2001:db8:1::/64")),
                        List.of(IpAddress.parse("192.0.2.11")),
                        List.of(IpAddress.parse("198.51.100.11")),
                        true,
                        "b1",
                        true));
        assertThat(invalid).isEmpty();
    }

    @Test
    void aBadAddressIsReportedAndTheRestOfTheNodeStays() {
        var row = NodeRows.row(read(Node.class, """
                        kind: Node
                        metadata: {name: n1}
                        status: {addresses: [{type: InternalIP, address: nonsense}, {type: InternalIP, address: 192.0.2.1}]}
                        """), invalid::add);
        assertThat(row.orElseThrow().internalIps()).containsExactly(IpAddress.parse("192.0.2.1"));
        assertThat(invalid)
                .extracting(Invalid::toString)
                .containsExactly("Node n1 status.addresses: read nonsense, expected an IP address");
    }

    @Test
    void aPodThatIsBeingStopped() {
        var row = PodRows.row(read(Pod.class, """
                        metadata: {namespace: shop, name: p, uid: u, deletionTimestamp: '2026-01-01T00:00:00Z'}
                        spec:
                          nodeName: n1
                          serviceAccountName: web
                          containers:
                            - {name: web, ports: [{name: http, containerPort: 80}, {containerPort: 81}]}
                            - {name: dns, ports: [{name: dns, containerPort: 53, protocol: UDP}]}
                        status: {phase: Running, podIP: 10.1.1.5, conditions: [{type: Ready, status: 'False'}]}
                        """), invalid::add);
        assertThat(row)
                .contains(new KubePod(
                        new ObjectKey("shop", "p"),
                        "u",
                        Map.of(),
                        Map.of(),
                        "web",
                        "n1",
                        false,
                        List.of(IpAddress.parse("10.1.1.5")),
                        KubePod.Phase.RUNNING,
                        false,
                        true,
                        List.of(new KubePod.Port("http", 80, Protocol.TCP), new KubePod.Port("dns", 53, Protocol.UDP)),
                        List.of("web", "dns")));
    }

    @Test
    void aPodWithoutAnythingIsARowAllTheSame() {
        var row = PodRows.row(read(Pod.class, "metadata: {namespace: a, name: b}"), invalid::add)
                .orElseThrow();
        assertThat(row.phase()).isEqualTo(KubePod.Phase.UNKNOWN);
        assertThat(row.podIps()).isEmpty();
    }

    @Test
    void egressPoliciesSeePodsThatAreNotOver() {
        String pod = """
                metadata: {namespace: shop, name: p, uid: u, labels: {app: web}, annotations: {k: v}}
                spec: {nodeName: n1, serviceAccountName: web, hostNetwork: %s}
                status: {phase: %s, podIPs: [{ip: 10.1.1.5}, {ip: '2001:db8:1::5'}]}
                """;
        assertThat(EgressPodRows.row(read(Pod.class, pod.formatted("true", "Running")), invalid::add))
                .contains(new EgressPod(
                        "shop",
                        "p",
                        "u",
                        "web",
                        Map.of("app", "web"),
                        "n1",
                        List.of(IpAddress.parse("10.1.1.5"), IpAddress.parse("2001:db8:1::5")),
                        true,
                        false));
        assertThat(EgressPodRows.row(read(Pod.class, pod.formatted("false", "Succeeded")), invalid::add))
                .isEmpty();
    }

    @Test
    void egressPoliciesSeeNodesWithTheirLabelsAndWhetherTheyDrain() {
        String node = """
                metadata: {name: n1, labels: {topology.kubernetes.io/zone: a}, annotations: {%s: ''}}
                status: {conditions: [{type: Ready, status: '%s'}]}
                """;
        var cluster = new ClusterName("west");
        var labels = Map.of(EgressNode.ZONE, "a");
        assertThat(nodeRow(node.formatted(EgressNode.DRAIN_ANNOTATION, "True")).egressNode(cluster))
                .isEqualTo(new EgressNode(new NodeId(cluster, "n1"), labels, true, true));
        assertThat(nodeRow(node.formatted("k", "Unknown")).egressNode(cluster))
                .isEqualTo(new EgressNode(new NodeId(cluster, "n1"), labels, false, false));
    }

    private KubeNode nodeRow(String yaml) {
        return NodeRows.row(read(Node.class, yaml), invalid::add).orElseThrow();
    }

    @Test
    void service() {
        var row = ServiceRows.row(read(Service.class, """
                        metadata: {namespace: shop, name: web, uid: u, annotations: {service.cilium.io/global: 'true'}}
                        spec:
                          type: NodePort
                          clusterIP: 10.96.1.1
                          selector: {app: web}
                          sessionAffinity: ClientIP
                          ports:
                            - {name: http, port: 80, targetPort: http, nodePort: 30080}
                            - {name: dns, port: 53, protocol: UDP}
                        """), invalid::add);
        assertThat(row)
                .contains(new KubeService(
                        new ObjectKey("shop", "web"),
                        "u",
                        Map.of(),
                        Map.of("service.cilium.io/global", "true"),
                        KubeService.Type.NODE_PORT,
                        List.of(IpAddress.parse("10.96.1.1")),
                        List.of(),
                        List.of(
                                new KubeService.Port("http", Protocol.TCP, 80, "http", 30_080),
                                new KubeService.Port("dns", Protocol.UDP, 53, "53", 0)),
                        Map.of("app", "web"),
                        false,
                        false,
                        10_800,
                        LoadBalancing.NONE));
    }

    @Test
    void aHealthCheckAtWhatIsNoPortIsReportedAndLeftOut() {
        for (int port : new int[] {-1, 65_536, 1_000_000_000}) {
            invalid.clear();
            var row = ServiceRows.row(read(Service.class, """
                            kind: Service
                            metadata: {namespace: shop, name: web}
                            spec: {healthCheckNodePort: %d, ports: [{port: 80}]}
                            """.formatted(port)), invalid::add)
                    .orElseThrow();
            assertThat(row.outside().healthCheckNodePort()).isZero();
            assertThat(row.ports()).hasSize(1);
            assertThat(invalid)
                    .containsExactly(new Invalid(
                            "Service shop/web spec.healthCheckNodePort",
                            Invalid.Reason.MALFORMED,
                            Integer.toString(port),
                            "a port from 1 to 65535"));
        }
    }

    @Test
    void aPortByAnotherProtocolIsRefusedAndTheOthersStay() {
        var row = ServiceRows.row(read(Service.class, """
                        kind: Service
                        metadata: {namespace: shop, name: web}
                        spec: {ports: [{name: web, port: 80}, {name: sip, port: 5060, protocol: SCTP}]}
                        """), invalid::add).orElseThrow();
        assertThat(row.ports()).extracting(KubeService.Port::isServed).containsExactly(true, false);
        assertThat(row.refusedPorts())
                .extracting(Invalid::toString)
                .containsExactly("Service shop/web protocol of port 5060: read SCTP, "
                        + "expected TCP or UDP: this port is not served, the others are");
    }

    @Test
    void aServiceForClientsOutside() {
        var row = ServiceRows.row(read(Service.class, """
                        metadata: {namespace: shop, name: web, generation: 3, creationTimestamp: '2026-01-02T03:04:05Z'}
                        spec:
                          type: LoadBalancer
                          loadBalancerClass: io.cilium/bgp-control-plane
                          loadBalancerIP: 192.0.2.7
                          ipFamilyPolicy: PreferDualStack
                          ipFamilies: [IPv6, IPv4]
                          externalTrafficPolicy: Local
                          healthCheckNodePort: 31234
                          internalTrafficPolicy: Local
                        status:
                          loadBalancer: {ingress: [{ip: 192.0.2.7, ipMode: VIP}, {hostname: lb.example}]}
                          conditions:
                            - {type: Other, status: 'True'}
                            - type: cilium.io/IPAMRequestSatisfied
                              status: 'True'
                              observedGeneration: 3
                              reason: satisfied
                              message: ''
                              lastTransitionTime: '2026-01-02T03:04:06Z'
                        """), invalid::add).orElseThrow();
        assertThat(row.loadBalancerIps()).containsExactly(IpAddress.parse("192.0.2.7"));
        assertThat(row.internalLocal()).isTrue();
        assertThat(row.outside().healthCheckNodePort()).isEqualTo(31_234);
        assertThat(row.loadBalancing())
                .isEqualTo(new LoadBalancing(
                        Optional.of(Instant.parse("2026-01-02T03:04:05Z")),
                        3,
                        Optional.of("io.cilium/bgp-control-plane"),
                        Optional.of("192.0.2.7"),
                        true,
                        true,
                        true,
                        true,
                        Optional.of(new ObservedCondition(
                                LoadBalancing.CONDITION,
                                "True",
                                3,
                                "satisfied",
                                "",
                                Optional.of(Instant.parse("2026-01-02T03:04:06Z"))))));
        assertThat(invalid).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', true, false",
        "'', 'clusterIPs: [\"2001:db8::1\", 10.96.0.1]', false, true",
        "'', 'ipFamilies: [IPv6, IPv4]', false, true",
        "'ipFamilyPolicy: SingleStack', 'ipFamilies: [IPv4]', true, false",
        "'ipFamilyPolicy: PreferDualStack', 'ipFamilies: [IPv4]', true, false",
        "'ipFamilyPolicy: PreferDualStack', 'clusterIPs: [10.96.0.1, \"2001:db8::1\"]', true, true",
        "'ipFamilyPolicy: RequireDualStack', '', true, true"
    })
    void familiesThatAServiceIsToHave(String policy, String families, boolean v4, boolean v6) {
        String spec = String.join(
                ", ",
                Stream.of("type: LoadBalancer", policy, families)
                        .filter(field -> !field.isEmpty())
                        .toList());
        var balancing = ServiceRows.row(
                        read(Service.class, "{metadata: {namespace: a, name: b}, spec: {" + spec + "}}"), invalid::add)
                .orElseThrow()
                .loadBalancing();
        assertThat(List.of(balancing.wantsV4(), balancing.wantsV6())).containsExactly(v4, v6);
    }

    @Test
    void aHeadlessServiceHasNoAddressAndIsNoError() {
        var row = ServiceRows.row(
                        read(Service.class, "{metadata: {namespace: a, name: b}, spec: {clusterIP: None}}"),
                        invalid::add)
                .orElseThrow();
        assertThat(row.headless()).isTrue();
        assertThat(row.clusterIps()).isEmpty();
        assertThat(invalid).isEmpty();
    }

    @Test
    void absentConditionsOfAnEndpointMeanReady() {
        var slice = slice("""
                - {addresses: [10.1.1.1, 10.1.1.2]}
                - {addresses: [10.1.1.3], conditions: {ready: false}}
                - {addresses: [10.1.1.4], conditions: {ready: false, serving: true, terminating: true}, nodeName: n1}
                - {addresses: [10.1.1.5], targetRef: {kind: Pod, name: p5}, zone: z, hostname: h}
                """);
        assertThat(slice.endpoints())
                .containsExactly(
                        endpoint("10.1.1.1", true, true, false, "", "", "", ""),
                        endpoint("10.1.1.3", false, false, false, "", "", "", ""),
                        endpoint("10.1.1.4", false, true, true, "n1", "", "", ""),
                        endpoint("10.1.1.5", true, true, false, "", "z", "h", "p5"));
        assertThat(slice.ports()).containsExactly(new KubeEndpointSlice.Port("http", Protocol.TCP, 80));
        assertThat(slice.service()).isEqualTo(new ObjectKey("shop", "web"));
    }

    @Test
    void hintsSayForWhomAnEndpointIs() {
        var slice = slice("""
                - {addresses: [10.1.1.1], hints: {forZones: [{name: a}, {name: b}], forNodes: [{name: n1}]}}
                - {addresses: [10.1.1.2], hints: {}}
                - {addresses: [10.1.1.3], hints: {forZones: [{}, {name: ''}, null, {name: a}, {name: a}], forNodes: null}}
                - {addresses: [10.1.1.4]}
                """);
        assertThat(slice.endpoints())
                .extracting(KubeEndpointSlice.Endpoint::hints)
                .containsExactly(
                        new KubeEndpointSlice.Hints(Set.of("a", "b"), Set.of("n1")),
                        KubeEndpointSlice.Hints.NONE,
                        new KubeEndpointSlice.Hints(Set.of("a"), Set.of()),
                        KubeEndpointSlice.Hints.NONE);
        assertThat(invalid).isEmpty();
    }

    @Test
    void slicesOfHostNamesAreNoRows() {
        var slice = read(
                EndpointSlice.class,
                "{metadata: {namespace: a, name: b, labels: {kubernetes.io/service-name: s}}, addressType: FQDN}");
        assertThat(SliceRows.row(slice, invalid::add)).isEmpty();
        assertThat(invalid).isEmpty();
    }

    private KubeEndpointSlice slice(String endpoints) {
        String text = """
                metadata: {namespace: shop, name: web-1, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                ports: [{name: http, port: 80}, {name: all}]
                endpoints:
                """ + endpoints;
        return SliceRows.row(read(EndpointSlice.class, text), invalid::add).orElseThrow();
    }

    private static KubeEndpointSlice.Endpoint endpoint(
            String address,
            boolean ready,
            boolean serving,
            boolean terminating,
            String node,
            String zone,
            String host,
            String pod) {
        return new KubeEndpointSlice.Endpoint(
                IpAddress.parse(address), ready, serving, terminating, node, zone, host, pod);
    }

    private static <T> T read(Class<T> type, String yaml) {
        // A text that starts with a brace would be taken for JSON.
        return Serialization.unmarshal("---\n" + yaml, type);
    }
}

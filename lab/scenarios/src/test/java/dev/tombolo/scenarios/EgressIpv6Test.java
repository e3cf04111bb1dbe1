package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.scenarios.EgressScene.Sender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Pods of a cluster with both families are seen outside under the egress address of each, and under no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EgressIpv6Test {
    private static final String EGRESS_IP = "fd30:1::200";
    private static final String FLOATING_IP = "fd30:1::a00";
    private static final String OUTSIDE = "http://[2001:db8:51::10]:8080/";
    private static final String BESIDE = "http://[2001:db8:51::11]:8080/";
    private static final String FIXED = "egressIP: " + EGRESS_IP;
    private static final List<String> NODES = List.of("node1", "node2");
    private static final Duration LONGEST_TAKEOVER = Duration.ofSeconds(5);
    private static final Duration LONGEST_SHARING = Duration.ofSeconds(1);

    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: billing}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: billing, io.kubernetes.pod.namespace: finance}
              destinationCIDRs: [%s]
              excludedCIDRs: [%s]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                %s
            """;

    private static final String POOL = """
            apiVersion: tombolo.dev/v1alpha1
            kind: EgressIPPool
            metadata: {name: floating}
            spec:
              ranges: [{start: "fd30:1::a00", end: "fd30:1::a05"}]
            """;

    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: quay
              namespace: finance
              annotations: {service.cilium.io/global: "true"}
            spec:
              type: NodePort
              clusterIP: fd00:96::7
              externalIPs: ["2001:db8:52::7"]
              ports:
                - {name: http, port: 80, targetPort: 8080, nodePort: 30090}
                - {name: datagrams, port: 80, targetPort: 8080, nodePort: 30090, protocol: UDP}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: quay
              namespace: finance
              labels: {kubernetes.io/service-name: quay}
            addressType: IPv6
            ports:
              - {name: http, port: 8080}
              - {name: datagrams, port: 8080, protocol: UDP}
            endpoints:
              - addresses: ["%s"]
                conditions: {ready: true}
            """;

    private MeshLab lab;
    private EgressScene scene;

    @BeforeAll
    void up() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        lab = MeshLab.dualStack("v6" + ProcessHandle.current().pid(), 1);
        scene = new EgressScene(lab);
        lab.install(1);
        scene.preparePods();
        // Datagrams are answered from the one that is preferred.
        lab.in("outside", "ip addr add 2001:db8:51::11/64 dev eth0 preferred_lft 0 nodad");
        holdAddress();
        lab.programs.kubectl(1, "label", "--overwrite", "node", "node2", "egress=yes");
    }

    @AfterAll
    void down() {
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void deletePolicy() {
        scene.deletePolicy();
    }

    /** Not as the source of programs of the node, of which the latest address would be the first choice. */
    private void holdAddress() {
        lab.onNode(1, "node2", "ip addr replace " + EGRESS_IP + "/64 dev eth0 preferred_lft 0 nodad");
    }

    private void steer(String destinations, String excluded, String address) {
        lab.programs.apply(1, POLICY.formatted(destinations, excluded, address));
    }

    private void steerToOutside() {
        steer("\"2001:db8:51::10/128\"", "", FIXED);
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
    }

    @ParameterizedTest
    @EnumSource(names = {"BILLING", "BILLING_AT_GATEWAY"})
    void selectedPodsAreSeenUnderTheEgressAddress(Sender sender) {
        steerToOutside();
        try (var leaving = LeavingTraffic.watchBothFamilies(lab, 1)) {
            expectSeen(sender, OUTSIDE, EGRESS_IP);
            expectSeen(sender, OUTSIDE, EGRESS_IP, "--udp");
            scene.load(sender, OUTSIDE, "--requests", "2", "--bulk", "1000000")
                    .join()
                    .expectSuccess();
            // In datagrams that nobody may cut: how large they can be, only an ICMP error tells.
            scene.load(sender, OUTSIDE, "--requests", "1", "--bulk", "300000", "--udp")
                    .join()
                    .expectSuccess();
            assertThat(scene.start(sender, "ping", "-q", "-c", "5", "-i", "0.2", "-W", "2", "2001:db8:51::10")
                            .join()
                            .expectSuccess())
                    .contains(" 0% packet loss");
            assertThat(leaving.sources())
                    .containsExactlyInAnyOrder(EGRESS_IP + " . tcp", EGRESS_IP + " . udp", EGRESS_IP + " . ipv6-icmp");
        }
    }

    @Test
    void aPodIsToldWhatIsTooBigForTheWayToItsGateway() {
        steerToOutside();
        assertThat(scene.start(
                                Sender.BILLING,
                                "ping",
                                "-c",
                                "3",
                                "-i",
                                "0.3",
                                "-W",
                                "1",
                                "-M",
                                "do",
                                "-s",
                                "1452",
                                "2001:db8:51::10")
                        .join()
                        .output())
                .containsPattern("mtu[ =:]+1[234]\\d\\d");
    }

    @Test
    void otherPodsAreSeenUnderTheAddressOfTheirNode() {
        steerToOutside();
        try (var leaving = LeavingTraffic.watchBothFamilies(lab, 1)) {
            expectSeen(Sender.AUDIT, OUTSIDE, node("node1"));
            expectSeen(Sender.AUDIT_AT_GATEWAY, OUTSIDE, node("node2"));
            assertThat(leaving.sources()).containsExactlyInAnyOrder(node("node1") + " . tcp", node("node2") + " . tcp");
        }
    }

    @Test
    void anExcludedRangeLeavesFromTheNode() {
        steer("\"2001:db8:51::/64\"", "\"2001:db8:51::10/128\"", FIXED);
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, BESIDE, EGRESS_IP));
        scene.awaitSeen(Sender.BILLING, OUTSIDE, node("node1"));
        scene.awaitSeen(Sender.BILLING_AT_GATEWAY, OUTSIDE, node("node2"));
    }

    @Test
    void nothingChangesInsideTheClusterWhenThePolicyNamesTheWholeWorld() {
        steer("\"::/0\"", "", FIXED);
        for (var sender : Sender.SELECTED) {
            scene.awaitSeen(sender, OUTSIDE, EGRESS_IP);
            String own = ipv6Of(sender.deployment, 0);
            expectSeen(sender, "http://[" + ipv6Of("ledger", 0) + "]:8080/", own);
            expectSeen(sender, "http://[" + ipv6Of("ledger", 1) + "]:8080/", own);
        }
    }

    @Test
    void aPolicyOfBothFamiliesHasAnAddressOfEach() {
        steer("\"2001:db8:51::10/128\", 198.51.100.10/32", "", "interface: eth0");
        for (var sender : Sender.SELECTED) {
            scene.awaitSeen(sender, OUTSIDE, node("node2"));
            scene.awaitSeen(sender, EgressScene.OUTSIDE, Sender.BILLING_AT_GATEWAY.node);
        }
    }

    /** What cannot have the address does not leave, and leaves again as soon as it can. */
    @Test
    void nothingLeavesWhileTheGatewayLacksTheAddress() {
        steerToOutside();
        try (var leaving = LeavingTraffic.watchBothFamilies(lab, 1)) {
            lab.onNode(1, "node2", "ip addr del " + EGRESS_IP + "/64 dev eth0");
            for (var sender : Sender.SELECTED) {
                scene.awaitSilence(sender, OUTSIDE);
            }
            holdAddress();
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
            assertThat(leaving.sources()).containsExactly(EGRESS_IP + " . tcp");
        } finally {
            holdAddress();
        }
    }

    /** The kernel of the frozen node answers whoever asks for the address, until it hears its successor. */
    @Test
    void anAddressMovesFromANodeThatIsFrozen() {
        lab.programs.kubectl(1, "label", "--overwrite", "node", "node1", "egress=yes");
        lab.programs.apply(1, POOL);
        try {
            steer("\"2001:db8:51::10/128\"", "", "egressIP: " + FLOATING_IP);
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, FLOATING_IP));
            MeshLab.await("one node to have the address", () -> holders().size() == 1);
            move(holders().iterator().next());
        } finally {
            scene.deletePolicy();
            lab.programs.kubectl(1, "delete", "egressippool", "floating", "--ignore-not-found");
            lab.programs.kubectl(1, "label", "node", "node1", "egress-");
        }
        MeshLab.await("nobody to have the address", () -> holders().isEmpty());
    }

    private void move(String owner) {
        String other =
                NODES.stream().filter(node -> !node.equals(owner)).findFirst().orElseThrow();
        var far = other.equals("node1") ? Sender.BILLING : Sender.BILLING_AT_GATEWAY;
        var load = scene.load(far, OUTSIDE, "--duration", "600", "--until-eof", "--rate", "20", "--timeout-ms", "500");
        try (var leaving = LeavingTraffic.watchBothFamilies(lab, 1)) {
            try (var _ = FrozenNode.freeze(lab, owner)) {
                await(
                        other + " to have the address",
                        LONGEST_TAKEOVER,
                        () -> holders().contains(other));
                scene.awaitSeen(far, OUTSIDE, FLOATING_IP);
            }
            await(owner + " to give it up", LONGEST_SHARING, () -> holders().equals(Set.of(other)));
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, FLOATING_IP));
            assertThat(leaving.sources()).allMatch(source -> source.startsWith(FLOATING_IP + " "));
        } finally {
            load.endInput();
        }
        assertThat(LoadResult.parse(load.join().output()).bySource()).containsOnlyKeys(FLOATING_IP);
    }

    /** Whether the backend is on the node by which they come or not. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a port of a node, http://[fd30:1::11]:30090/, ''",
        "a port of a node by datagrams, http://[fd30:1::11]:30090/, --udp",
        "a port of another node, http://[fd30:1::12]:30090/, ''",
        "an external address, http://[2001:db8:52::7]:80/, ''",
    })
    void clientsOutsideAreServed(String name, String url, String option) {
        lab.programs.apply(1, SERVICE.formatted(ipv6Of("ledger", 0)));
        lab.in("internet", "ip -6 route replace 2001:db8:52::7/128 via fd30:1::11");
        var answered = MeshLab.await(
                name + " to answer", () -> askFromOutside(url, option), answers -> answers.ok() == answers.sent());
        assertThat(answered.bySource().keySet()).doesNotContain("2001:db8:51::10");
    }

    private LoadResult askFromOutside(String url, String option) {
        var programs = Path.of(System.getProperty("tombolo.launcher")).resolveSibling("lab/target/programs");
        String command =
                "%s/lab-load --url %s --requests 20 --timeout-ms 1000 %s || true".formatted(programs, url, option);
        return LoadResult.parse(lab.in("outside", command));
    }

    private Set<String> holders() {
        return NODES.stream()
                .filter(node ->
                        lab.in("cluster1-" + node, "ip -o -6 address show").contains(FLOATING_IP + "/"))
                .collect(Collectors.toSet());
    }

    private static void await(String what, Duration longest, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(longest)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    private static String node(String name) {
        return "fd30:1::1" + name.charAt(name.length() - 1);
    }

    private String ipv6Of(String app, int index) {
        var pod = lab.shop.pods(1, "finance", app).get(index);
        return lab.get(1, "-n", "finance", "pod", pod).at("/status/podIPs/1/ip").asText();
    }

    private void expectSeen(Sender sender, String url, String address, String... options) {
        var words = new ArrayList<>(List.of("--requests", "100", "--concurrency", "4"));
        words.addAll(List.of(options));
        assertThat(scene.ask(sender, url, words.toArray(String[]::new)).bySource())
                .as("addresses that %s was seen under at %s", sender, url)
                .isEqualTo(Map.of(address, 100L));
    }
}

package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.scenarios.EgressScene.Sender;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Pods of a cluster with both families leave by a gateway of another one under its IPv6 address, and under no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EgressIpv6AcrossClustersTest {
    private static final String EGRESS_IP = "fd30:2::200";
    private static final String OUTSIDE = "http://[2001:db8:51::10]:8080/";
    private static final String CONSENT =
            "{\"metadata\":{\"annotations\":{\"egress.tombolo.dev/may-use-gateways\":%s}}}";
    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata:
              name: billing
              annotations: {egress.tombolo.dev/cluster: cluster2}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: billing, io.kubernetes.pod.namespace: finance}
              destinationCIDRs: ["2001:db8:51::10/128"]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                egressIP: "fd30:2::200"
            """;

    private MeshLab lab;
    private EgressScene scene;

    @BeforeAll
    void up() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        lab = MeshLab.dualStack("v6x" + ProcessHandle.current().pid(), 2);
        scene = new EgressScene(lab);
        MeshLab.inEach(MeshLab.CLUSTERS, lab::install);
        lab.connect();
        scene.preparePods();
        lab.onNode(2, "node2", "ip addr replace " + EGRESS_IP + "/64 dev eth0 preferred_lft 0 nodad");
        lab.programs.kubectl(2, "label", "--overwrite", "node", "node2", "egress=yes");
    }

    @AfterAll
    void down() {
        if (lab != null) {
            lab.close();
        }
    }

    /** First as somebody meets it who forgot to ask the other cluster, then with its consent, then without it again. */
    @Test
    void podsLeaveByTheOtherClusterAsLongAsItConsents() {
        lab.programs.apply(1, POLICY);
        Sender.SELECTED.forEach(sender -> scene.awaitSilence(sender, OUTSIDE));
        try (var fromOne = LeavingTraffic.watchBothFamilies(lab, 1);
                var fromTwo = LeavingTraffic.watchBothFamilies(lab, 2)) {
            consent("\"true\"");
            Sender.SELECTED.forEach(this::expectSeenUnderTheEgressAddress);
            consent("null");
            Sender.SELECTED.forEach(sender -> scene.awaitSilence(sender, OUTSIDE));
            assertThat(fromOne.sources()).isEmpty();
            assertThat(fromTwo.sources())
                    .containsExactlyInAnyOrder(EGRESS_IP + " . tcp", EGRESS_IP + " . udp", EGRESS_IP + " . ipv6-icmp");
        }
        scene.awaitSeen(Sender.AUDIT, OUTSIDE, "fd30:1::11");
    }

    private void expectSeenUnderTheEgressAddress(Sender sender) {
        scene.awaitSeen(sender, OUTSIDE, EGRESS_IP);
        for (var protocol : new String[][] {{}, {"--udp"}}) {
            assertThat(scene.ask(sender, OUTSIDE, words(protocol, "--requests", "100", "--concurrency", "4"))
                            .bySource())
                    .isEqualTo(Map.of(EGRESS_IP, 100L));
        }
        scene.load(sender, OUTSIDE, "--requests", "2", "--bulk", "1000000")
                .join()
                .expectSuccess();
        assertThat(scene.start(sender, "ping", "-q", "-c", "5", "-i", "0.2", "-W", "2", "2001:db8:51::10")
                        .join()
                        .expectSuccess())
                .contains(" 0% packet loss");
    }

    private static String[] words(String[] first, String... more) {
        return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private void consent(String value) {
        lab.patch(2, "meshpeer", "cluster1", CONSENT.formatted(value));
    }
}

package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.scenarios.EgressScene.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Policies that cannot be meant as they were written: each says so, their pods do not leave, and the others go on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class EgressBadPoliciesTest {
    private static final int SELECTORS = 1_000;
    private static final List<Sender> AUDIT = List.of(Sender.AUDIT, Sender.AUDIT_AT_GATEWAY);
    private static final List<String> NAMES = List.of(
            "unknown-interface",
            "wrong-family",
            "both",
            "no-gateway",
            "hole-outside",
            "no-match",
            "whole-world",
            "many-selectors");
    private static final String MANY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: many-selectors}
            spec:
              selectors:
            %s
              destinationCIDRs: [198.51.100.27/32]
              egressGateway: {nodeSelector: {matchLabels: {egress: "yes"}}, egressIP: 172.30.1.200}
            """;

    private MeshLab lab;
    private EgressScene scene;
    private EgressConditions conditions;

    @BeforeAll
    void prepare(MeshLab shared) {
        lab = shared;
        scene = new EgressScene(lab);
        conditions = new EgressConditions(lab);
        scene.prepare();
    }

    @AfterAll
    void remove() {
        scene.remove();
    }

    @Test
    void eachSaysWhatIsWrongAndNothingOfItsPodsLeaves() {
        try (var leaving = LeavingTraffic.watch(lab)) {
            lab.programs.apply(1, policies());
            expectConditions();
            AUDIT.forEach(this::burst);
            assertThat(leaving.sources()).isSubsetOf(EGRESS_IP + " . udp");
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
            scene.awaitSeen(Sender.AUDIT, EgressScene.BESIDE, EGRESS_IP);
            assertThat(leaving.sources()).allMatch(source -> source.startsWith(EGRESS_IP + " "));
            assertThat(lab.programs.kubectl(1, "get", "events", "-A"))
                    .contains("spec.egressGateway: read interface eth0 and egressIP 172.30.1.200");
        } finally {
            NAMES.forEach(name -> lab.programs.kubectl(1, "delete", "cegp", name, "--ignore-not-found"));
        }
    }

    private void expectConditions() {
        conditions.awaitProblem("unknown-interface", "node2: InterfaceNotFound: node2 has no device eth9");
        conditions.awaitProblem(
                "wrong-family",
                "egressIP: read 2001:db8::200 for destination 198.51.100.22/32, expected an IPv4 address");
        conditions.awaitProblem(
                "both", "read interface eth0 and egressIP 172.30.1.200, expected one of them or neither: remove one");
        conditions.awaitProblem("no-gateway", "no node of cluster1 has the labels [egress=nobody]; label one");
        List.of("hole-outside", "whole-world", "many-selectors", "billing").forEach(conditions::awaitInForce);
        assertThat(conditions.of("hole-outside", "Ignored"))
                .startsWith("True NoEffect")
                .contains("read 192.0.2.0/24, expected a range within a destination");
        assertThat(conditions.of("no-match", "NoMatch")).startsWith("True NoPod");
        assertThat(conditions.of("no-match", "Programmed")).startsWith("True NoMatch");
        List.of("wrong-family", "both")
                .forEach(name -> assertThat(conditions.of(name, "Invalid")).startsWith("True SpecRefused"));
    }

    /** To the destination of each policy. */
    private void burst(Sender sender) {
        scene.start(sender, "bash", "-c", "for i in {21..25} 27; do echo > /dev/udp/198.51.100.$i/9; done")
                .join();
    }

    private static String policies() {
        String selectors = IntStream.range(0, SELECTORS)
                .mapToObj(i -> "    - podSelector: {matchLabels: {team: " + (i == SELECTORS / 2 ? "audit" : "team-" + i)
                        + ", io.kubernetes.pod.namespace: finance}}")
                .collect(Collectors.joining("\n"));
        return few() + MANY.formatted(selectors);
    }

    private static String few() {
        try (InputStream in = EgressBadPoliciesTest.class.getResourceAsStream("bad-egress-policies.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package dev.tombolo.cli.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.cli.egress.EgressAnswer.Report;
import dev.tombolo.cli.egress.EgressAnswer.Role;
import dev.tombolo.egress.report.EgressExplanation.Outcome;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.InternalRanges;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of nodes; how packets go is the explanation plan's, and how all of it reads is in the sessions. */
class EgressAnswerPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final EgressProgrammed HELD = new EgressProgrammed("out", 1, "");
    private static final KubeService SERVICE = new KubeService(
            new ObjectKey("shop", "db"),
            "",
            Map.of(),
            Map.of(),
            KubeService.Type.CLUSTER_IP,
            List.of(IpAddress.parse("10.96.0.7")),
            List.of(),
            List.of(),
            Map.of(),
            false,
            false,
            0,
            LoadBalancing.NONE);
    private final List<MeshNodeObject> agents = new ArrayList<>();
    private EgressPolicyObject policy = policy(Map.of(), null);

    @Test
    void isInPlaceOnceThePodsNodeAndTheGatewayHaveIt() {
        agent("n1", NOW, HELD);
        agent("g1", NOW, HELD);
        assertThat(answer("n1").reports())
                .containsExactly(
                        new Report(Role.NODE, "n1", true, "has policy out in its data path"),
                        new Report(Role.GATEWAY, "g1", true, "has policy out in its data path"));
        assertThat(answer("n1").isFine()).isTrue();
    }

    @Test
    void aPodOnTheGatewayNeedsNobodyElse() {
        agent("g1", NOW, HELD);
        assertThat(answer("g1").reports())
                .containsExactly(new Report(Role.GATEWAY, "g1", true, "has policy out in its data path"));
    }

    @Test
    void whichGatewaysAreLeftOutIsSaid() {
        String why = "most nodes that ask get no answer from g0; others have their pods";
        policy = policy(
                Map.of(),
                new EgressPolicyObject.Status(
                        1, 1, "", "", List.of(), List.of(Condition.of("GatewaysOut", true, "NoAnswer", why, NOW))));
        assertThat(answer("n1").gatewaysOut()).contains(why);
        assertThat(EgressAnswerText.of(answer("n1"))).contains("Left out  " + why);
        assertThat(EgressAnswerDocument.of(answer("n1"))).containsEntry("gateways_out", why);
        assertThat(answer("n1", "10.96.0.7").gatewaysOut()).isEmpty();
    }

    /** A node of the same name here has no say in it. */
    @Test
    void ofAGatewayOfAnotherClusterNothingIsKnown() {
        var gateway = new EgressPolicyObject.Gateway("g1", "east", "", "default route", 64, "");
        policy = policy(
                Map.of("egress.tombolo.dev/cluster", "east"),
                new EgressPolicyObject.Status(1, 1, "", "", List.of(gateway), List.of()));
        agent("n1", NOW, new EgressProgrammed("out", 1, policy.version().annotations(), ""));
        assertThat(answer("n1").explanation().outcome()).isInstanceOf(Outcome.ThroughGateway.class);
        assertThat(answer("n1").reports())
                .containsExactly(new Report(Role.NODE, "n1", true, "has policy out in its data path"));
    }

    @Test
    void aNodeThatDoesNotHaveItSaysWhyOrIsSilent() {
        agent("g1", NOW.minusSeconds(120), HELD);
        assertThat(says("n1")).isEqualTo("has no agent that reports");
        assertThat(says("g1")).isEqualTo("has not been heard of for 2m0s");
        agent("n1", NOW);
        assertThat(says("n1")).isEqualTo("says nothing of policy out");
        agent("n1", NOW, new EgressProgrammed("out", 0, "whatever"));
        assertThat(says("n1")).isEqualTo("has generation 0 of policy out, which is at 1");
        agent("n1", NOW, new EgressProgrammed("out", 1, "5f", ""));
        assertThat(says("n1")).isEqualTo("has policy out with other annotations than it has now");
        agent("n1", NOW, new EgressProgrammed("out", 1, "map eg_rules is full"));
        assertThat(says("n1")).isEqualTo("cannot do it: map eg_rules is full");
        assertThat(answer("n1").isFine()).isFalse();
    }

    private String says(String node) {
        return answer("n1").reports().stream()
                .filter(report -> report.node().equals(node))
                .findFirst()
                .orElseThrow()
                .says();
    }

    private void agent(String name, Instant heartbeat, EgressProgrammed... held) {
        agents.removeIf(agent -> agent.name().equals(name));
        agents.add(new MeshNodeObject(
                name,
                new MeshNodeObject.Status(
                        "",
                        true,
                        null,
                        List.of(),
                        0,
                        List.of(),
                        List.of(held),
                        List.of(),
                        Optional.of(heartbeat),
                        List.of())));
    }

    /** Also by a policy for everything. */
    @Test
    void whatIsInsideTheMeshIsSaidToBeLeftAlone() {
        assertThat(answer("n1", "10.96.0.7").explanation().outcome())
                .isEqualTo(new Outcome.Internal(Prefix.parse("10.96.0.7/32"), "Service shop/db"));
        assertThat(answer("n1", "10.2.0.9").explanation().outcome())
                .isEqualTo(new Outcome.Internal(Prefix.parse("10.2.0.0/16"), "of another cluster of the mesh"));
        assertThat(answer("n1", "10.96.0.7").isFine()).isTrue();
        assertThat(EgressAnswerText.of(answer("n1", "10.96.0.7")))
                .startsWith("➖ Packets of shop/web to 10.96.0.7 leave as if there were no policy: 10.96.0.7/32 is "
                        + "Service shop/db, and what stays inside the mesh is never steered");
    }

    private EgressAnswer answer(String node) {
        return answer(node, "198.51.100.7");
    }

    private EgressAnswer answer(String node, String destination) {
        var pod = new EgressPod(
                "shop", "web", "u", "", Map.of(), node, List.of(IpAddress.parse("10.1.1.5")), false, false);
        var nodes = List.of(node("n1", Map.of()), node("g1", Map.of("egress", "true")));
        var seen = new ObservedEgress(
                new ClusterName("west"),
                List.of(policy),
                List.of(),
                List.of(pod),
                List.of(new KubeNamespace("shop", Map.of(), Map.of())),
                nodes,
                agents,
                InternalRanges.of(
                        nodes,
                        List.of(pod),
                        List.of(SERVICE),
                        List.of(Prefix.parse("10.2.0.0/16")),
                        Prefix.parse("100.64.0.0/18")));
        return EgressAnswerPlan.answer(seen, pod, IpAddress.parse(destination), NOW);
    }

    private static EgressPolicyObject policy(Map<String, String> annotations, EgressPolicyObject.Status status) {
        var all = new SelectorSpec(Map.of(), List.of());
        var gateways = new SelectorSpec(Map.of("egress", "true"), List.of());
        var spec = new EgressPolicySpec(
                List.of(new EgressPolicySpec.Source(Optional.of(all), Optional.empty(), Optional.empty())),
                List.of("0.0.0.0/0"),
                List.of(),
                Optional.of(new EgressPolicySpec.Gateway(Optional.of(gateways), Optional.empty(), Optional.empty())),
                List.of());
        return new EgressPolicyObject("out", "", 1, Optional.of(NOW), annotations, spec, status);
    }

    private static KubeNode node(String name, Map<String, String> labels) {
        return new KubeNode(name, "", labels, Map.of(), List.of(), List.of(), List.of(), true, "", false);
    }
}
